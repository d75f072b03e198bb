package etherws.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Appends messages and control frames to a buffer of the caller's. A message is never fragmented,
 * and its header and payload lie side by side.
 */
public final class WsWriter {
  /** Octets that {@link #wrap} needs before the reader index. */
  public static final int HEADROOM = WsHeader.MAX_LENGTH;

  private static final int MAX_REASON = WsHeader.MAX_CONTROL_PAYLOAD - 2;

  private final @Nullable RandomGenerator keys;

  private WsWriter(@Nullable RandomGenerator keys) {
    this.keys = keys;
  }

  /**
   * For the side that dialled.
   *
   * @param keys where masking keys come from: {@link WsKeys}, or in tests anything
   */
  public static WsWriter masked(RandomGenerator keys) {
    return new WsWriter(keys);
  }

  /** For the side that was dialled. */
  public static WsWriter unmasked() {
    return new WsWriter(null);
  }

  /** What a message takes on the wire beside its payload. */
  public static int headerLength(int payloadLength, boolean masked) {
    return WsHeader.length(payloadLength, masked);
  }

  public void binary(ByteBuf out, ByteBuf payload, int index, int length) {
    append(out, WsHeader.BINARY, payload, index, length);
  }

  /**
   * Begins a binary message: appends its header and makes room. Append exactly {@code length}
   * octets, then {@link #mask} them.
   *
   * @return the masking key
   */
  public int begin(ByteBuf out, int length) {
    return appendHeader(out, WsHeader.BINARY, length);
  }

  /** Masks the payload of a message that was begun, in place. */
  public void mask(ByteBuf out, int start, int length, int key) {
    WsMask.apply(out, start, length, key);
  }

  public void text(ByteBuf out, CharSequence text) {
    int length = ByteBufUtil.utf8Bytes(text);
    int key = appendHeader(out, WsHeader.TEXT, length);
    int start = out.writerIndex();
    ByteBufUtil.reserveAndWriteUtf8(out, text, length);
    WsMask.apply(out, start, length, key);
  }

  public void ping(ByteBuf out, ByteBuf payload, int index, int length) {
    appendControl(out, WsHeader.PING, payload, index, length);
  }

  public void pong(ByteBuf out, ByteBuf payload, int index, int length) {
    appendControl(out, WsHeader.PONG, payload, index, length);
  }

  /**
   * Nothing may be written after it.
   *
   * @param code {@link CloseCode#NO_STATUS} for an empty close frame
   * @param reason cut to the 123 octets there is room for
   */
  public void close(ByteBuf out, int code, String reason) {
    if (code == CloseCode.NO_STATUS) {
      appendHeader(out, WsHeader.CLOSE, 0);
      return;
    }
    if (!CloseCode.mayBeSent(code)) {
      throw new IllegalArgumentException("close code " + code);
    }
    byte[] octets = reason.getBytes(UTF_8);
    int reasonLength = cut(octets);
    int key = appendHeader(out, WsHeader.CLOSE, 2 + reasonLength);
    int start = out.writerIndex();
    out.writeShort(code).writeBytes(octets, 0, reasonLength);
    WsMask.apply(out, start, 2 + reasonLength, key);
  }

  /**
   * Begins a binary message that is built in place: leaves {@link #HEADROOM} in an empty buffer.
   * Append the payload, then {@link #wrap} it.
   */
  public static void reserve(ByteBuf empty) {
    empty.writeZero(HEADROOM).skipBytes(HEADROOM);
  }

  /**
   * Makes one binary message of what is readable, in place: masks it, and puts the header before
   * it, in the octets ahead of the reader index.
   */
  public void wrap(ByteBuf payload) {
    int start = payload.readerIndex();
    int length = payload.readableBytes();
    int index = start - headerLength(length, keys != null);
    int key = putHeader(payload, index, WsHeader.BINARY, length);
    WsMask.apply(payload, start, length, key);
    payload.readerIndex(index);
  }

  private void appendControl(ByteBuf out, int opcode, ByteBuf payload, int index, int length) {
    if (length > WsHeader.MAX_CONTROL_PAYLOAD) {
      throw new IllegalArgumentException("control frame of " + length + " octets");
    }
    append(out, opcode, payload, index, length);
  }

  private void append(ByteBuf out, int opcode, ByteBuf payload, int index, int length) {
    int key = appendHeader(out, opcode, length);
    int start = out.writerIndex();
    out.writeBytes(payload, index, length);
    WsMask.apply(out, start, length, key);
  }

  /** Returns the masking key, 0 for none. */
  private int appendHeader(ByteBuf out, int opcode, int length) {
    int headerLength = headerLength(length, keys != null);
    out.ensureWritable(headerLength + length);
    int key = putHeader(out, out.writerIndex(), opcode, length);
    out.writerIndex(out.writerIndex() + headerLength);
    return key;
  }

  private int putHeader(ByteBuf out, int index, int opcode, int length) {
    if (keys == null) {
      WsHeader.put(out, index, opcode, length);
      return 0;
    }
    int key = keys.nextInt();
    WsHeader.putMasked(out, index, opcode, length, key);
    return key;
  }

  /** The longest length that is short enough and ends between two characters. */
  private static int cut(byte[] reason) {
    if (reason.length <= MAX_REASON) {
      return reason.length;
    }
    int length = MAX_REASON;
    while ((reason[length] & 0xc0) == 0x80) {
      length--;
    }
    return length;
  }
}
