package etherws.tunnel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A text message of {@code etherws.v2}: nothing, or a message within its bounds; our own are read
 * as what they were.
 */
public final class ControlFuzz {
  private ControlFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    ControlMessage message = read(input);
    if (message == null) {
      return;
    }
    String json =
        switch (message) {
          case ControlMessage.Hello hello -> checked(hello).json();
          case ControlMessage.Rtt rtt -> rtt.json();
          case ControlMessage.GoingAway away -> away.json();
          case ControlMessage.Unknown _ -> "{\"type\":\"unknown\"}";
        };
    boolean ours = !(message instanceof ControlMessage.Hello hello) || isPlain(hello);
    if (ours && !message.equals(read(json.getBytes(StandardCharsets.UTF_8)))) {
      throw new AssertionError(message + " is read as something else");
    }
    if (input.length > ControlMessage.MAX_OCTETS) {
      throw new AssertionError(input.length + " octets were looked at");
    }
  }

  private static ControlMessage.Hello checked(ControlMessage.Hello hello) {
    String session = hello.session();
    if (hello.mtu() < 0
        || hello.mtu() > ControlMessage.Hello.MAX_MTU
        || hello.capabilities().size() > 32
        || (session != null && !session.matches("[A-Za-z0-9_-]{16,64}"))) {
      throw new AssertionError("out of its bounds: " + hello);
    }
    return hello;
  }

  /** Whether its capabilities are written as they are. */
  private static boolean isPlain(ControlMessage.Hello hello) {
    return hello.capabilities().stream().allMatch(name -> name.matches("[a-z-]*"));
  }

  private static @Nullable ControlMessage read(byte[] octets) {
    ByteBuf buffer = Unpooled.wrappedBuffer(octets);
    return ControlReader.read(buffer, 0, octets.length);
  }
}
