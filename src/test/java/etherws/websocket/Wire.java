package etherws.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/** WS frames put together the slow and obvious way, good ones and bad ones. */
final class Wire {
  private Wire() {}

  /** An unmasked WS frame. */
  static byte[] frame(boolean fin, int opcode, byte[] payload) {
    return frame(fin, opcode, false, 0, payload);
  }

  static byte[] frame(boolean fin, int opcode, boolean masked, int key, byte[] payload) {
    ByteBuf out = Unpooled.buffer();
    out.writeByte((fin ? 0x80 : 0) | opcode);
    int maskBit = masked ? 0x80 : 0;
    if (payload.length < 126) {
      out.writeByte(maskBit | payload.length);
    } else if (payload.length < 65_536) {
      out.writeByte(maskBit | 126).writeShort(payload.length);
    } else {
      out.writeByte(maskBit | 127).writeLong(payload.length);
    }
    if (masked) {
      out.writeInt(key).writeBytes(mask(payload, key));
    } else {
      out.writeBytes(payload);
    }
    return ByteBufUtil.getBytes(out);
  }

  static byte[] mask(byte[] payload, int key) {
    byte[] masked = payload.clone();
    for (int i = 0; i < masked.length; i++) {
      masked[i] ^= (byte) (key >>> (24 - 8 * (i % 4)));
    }
    return masked;
  }
}
