package etherws.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Writes down what the reader finds: {@code binary 0a0b}, {@code text Hello}, {@code close 1000
 * bye}.
 */
final class RecordingSink implements WsSink {
  final List<String> events = new ArrayList<>();

  /** Runs inside every call, after it has been recorded. */
  Runnable reaction = () -> {};

  @Override
  public void binary(ByteBuf buffer, int index, int length) {
    record("binary " + hex(buffer, index, length));
  }

  @Override
  public void text(ByteBuf buffer, int index, int length) {
    record("text " + buffer.toString(index, length, UTF_8));
  }

  @Override
  public void ping(ByteBuf buffer, int index, int length) {
    record("ping " + hex(buffer, index, length));
  }

  @Override
  public void pong(ByteBuf buffer, int index, int length) {
    record("pong " + hex(buffer, index, length));
  }

  @Override
  public void close(int code, String reason) {
    record("close " + code + " " + reason);
  }

  private static String hex(ByteBuf buffer, int index, int length) {
    return HexFormat.of().formatHex(ByteBufUtil.getBytes(buffer, index, length));
  }

  private void record(String event) {
    events.add(event);
    reaction.run();
  }
}
