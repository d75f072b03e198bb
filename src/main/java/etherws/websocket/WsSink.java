package etherws.websocket;

import io.netty.buffer.ByteBuf;

/**
 * Takes what a {@link WsReader} finds. The octets lie unmasked at an absolute index and are valid
 * only during the call; the buffer's reader and writer index belong to the reader. Any method may
 * close the reader, or throw a {@link WebSocketException} to end the session.
 */
public interface WsSink {
  /** One whole message. */
  void binary(ByteBuf buffer, int index, int length);

  /** One whole message of valid UTF-8. */
  void text(ByteBuf buffer, int index, int length);

  void ping(ByteBuf buffer, int index, int length);

  void pong(ByteBuf buffer, int index, int length);

  /**
   * The peer's close frame; nothing follows it.
   *
   * @param code {@link CloseCode#NO_STATUS} when the frame was empty
   */
  void close(int code, String reason);
}
