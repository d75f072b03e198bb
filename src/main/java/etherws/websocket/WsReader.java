package etherws.websocket;

import static etherws.websocket.WebSocketException.protocolError;
import static etherws.websocket.WsHeader.CONTINUATION;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/** Finds messages in the octets of one peer, in whatever chunks they arrive. */
public final class WsReader {
  /*
   * A message that lies whole in a chunk is unmasked where it is and delivered from there: nothing
   * is copied. Everything else goes through an assembly: one for the message, and one for a
   * control frame, which may come between the message's fragments. Only a header may lie in
   * headerOctets, and only when a chunk ended inside it.
   *
   * The sink may close the reader in any call, so what is delivered is no longer part of the
   * reader's state, and the state is looked at again afterwards.
   */
  private final boolean masked;
  private final WsLimits limits;
  private final WsSink sink;

  private final WsHeader header = new WsHeader();
  private final ByteBuf headerOctets = Unpooled.buffer(WsHeader.MAX_LENGTH);
  private final WsAssembly message;
  private final WsAssembly control = new WsAssembly(WsHeader.MAX_CONTROL_PAYLOAD);

  private boolean inPayload;
  private int remaining;
  private int key;
  private int messageOpcode;
  private int fragments;
  private boolean closed;

  /**
   * @param masked whether the peer has to mask: true on the side that was dialled
   */
  public WsReader(boolean masked, WsLimits limits, WsSink sink) {
    this.masked = masked;
    this.limits = limits;
    this.sink = sink;
    this.message = new WsAssembly(limits.maxMessage());
  }

  /**
   * Reads the chunk to its end and overwrites what it unmasks. The chunk stays the caller's. After
   * a close frame, an exception or {@link #close} the octets are skipped.
   *
   * @throws WebSocketException if the peer broke a rule or a limit; the reader is then closed
   */
  public void read(ByteBuf chunk) {
    try {
      while (!closed && (inPayload || readHeader(chunk)) && readPayload(chunk)) {
        // One WS frame, or the last piece of one.
      }
    } catch (WebSocketException e) {
      close();
      throw e;
    }
    if (closed) {
      chunk.skipBytes(chunk.readableBytes());
    }
  }

  /** Frees what has been put together so far. Nothing is delivered any more. Idempotent. */
  public void close() {
    closed = true;
    message.release();
    control.release();
  }

  private boolean readHeader(ByteBuf chunk) {
    if (headerOctets.isReadable()
        || !header.parse(chunk, chunk.readerIndex(), chunk.readableBytes(), masked)) {
      if (!readHeaderByOctet(chunk)) {
        return false;
      }
    } else {
      chunk.skipBytes(header.length());
    }
    if (!header.isControl()) {
      beginFragment();
    }
    inPayload = true;
    remaining = (int) header.payloadLength();
    key = header.key();
    return true;
  }

  private boolean readHeaderByOctet(ByteBuf chunk) {
    while (chunk.isReadable()) {
      headerOctets.writeByte(chunk.readByte());
      if (header.parse(headerOctets, 0, headerOctets.readableBytes(), masked)) {
        headerOctets.clear();
        return true;
      }
    }
    return false;
  }

  private void beginFragment() {
    boolean continues = header.opcode() == CONTINUATION;
    if (continues && fragments == 0) {
      throw protocolError("continuation of no message");
    }
    if (!continues && fragments > 0) {
      throw protocolError("new message inside a fragmented one");
    }
    if (header.payloadLength() > limits.maxMessage() - message.length()) {
      throw new WebSocketException(
          CloseCode.MESSAGE_TOO_BIG, "message over " + limits.maxMessage() + " octets");
    }
    if (++fragments > limits.maxFragments()) {
      throw new WebSocketException(
          CloseCode.POLICY_VIOLATION, "message in over " + limits.maxFragments() + " fragments");
    }
    if (!continues) {
      messageOpcode = header.opcode();
    }
  }

  /** False when the chunk ends first. */
  private boolean readPayload(ByteBuf chunk) {
    WsAssembly assembly = header.isControl() ? control : message;
    if (header.isFinal() && assembly.isEmpty() && chunk.readableBytes() >= remaining) {
      int index = chunk.readerIndex();
      int length = remaining;
      chunk.skipBytes(length);
      WsMask.apply(chunk, index, length, key);
      deliver(endFrame(), chunk, index, length);
      return true;
    }
    int length = Math.min(remaining, chunk.readableBytes());
    assembly.append(chunk, length, remaining, key);
    key = WsMask.advance(key, length);
    remaining -= length;
    if (remaining > 0) {
      return false;
    }
    int opcode = endFrame();
    if (header.isFinal()) {
      deliver(opcode, assembly);
    }
    return true;
  }

  /** Returns what the payload is part of. */
  private int endFrame() {
    inPayload = false;
    if (header.isControl()) {
      return header.opcode();
    }
    if (header.isFinal()) {
      fragments = 0;
    }
    return messageOpcode;
  }

  private void deliver(int opcode, WsAssembly assembly) {
    ByteBuf whole = assembly.take();
    try {
      deliver(opcode, whole, 0, whole.readableBytes());
    } finally {
      whole.release();
    }
  }

  private void deliver(int opcode, ByteBuf buffer, int index, int length) {
    switch (opcode) {
      case WsHeader.BINARY -> sink.binary(buffer, index, length);
      case WsHeader.TEXT -> {
        checkUtf8(buffer, index, length);
        sink.text(buffer, index, length);
      }
      case WsHeader.PING -> sink.ping(buffer, index, length);
      case WsHeader.PONG -> sink.pong(buffer, index, length);
      case WsHeader.CLOSE -> deliverClose(buffer, index, length);
      default -> throw new AssertionError(opcode);
    }
  }

  private void deliverClose(ByteBuf buffer, int index, int length) {
    close();
    if (length == 0) {
      sink.close(CloseCode.NO_STATUS, "");
      return;
    }
    if (length == 1) {
      throw protocolError("close frame of one octet");
    }
    int code = buffer.getUnsignedShort(index);
    if (!CloseCode.mayBeSent(code)) {
      throw protocolError("close code " + code);
    }
    checkUtf8(buffer, index + 2, length - 2);
    sink.close(code, buffer.toString(index + 2, length - 2, UTF_8));
  }

  private static void checkUtf8(ByteBuf buffer, int index, int length) {
    if (!ByteBufUtil.isText(buffer, index, length, UTF_8)) {
      throw new WebSocketException(CloseCode.INVALID_PAYLOAD, "text is not UTF-8");
    }
  }
}
