package etherws.testing;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** One connection of a {@link Member}: the handshake, then messages, of which only pings matter. */
final class MemberLink extends ChannelInboundHandlerAdapter {
  private static final int END_OF_HEAD = 0x0d0a0d0a;
  private static final int STATUS_AT = 9;
  private static final int CLOSE = 8;
  private static final int PING = 9;

  private final Member member;
  private int position;
  private int status;
  private int lastFour;
  private boolean upgraded;
  private final byte[] header = new byte[10];
  private int headerLength;
  private long remaining;

  MemberLink(Member member) {
    this.member = member;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    member.connected(ctx.channel());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    member.got(in.readableBytes());
    while (in.isReadable()) {
      if (!upgraded) {
        readHead(ctx, in);
      } else if (remaining > 0) {
        int length = (int) Math.min(remaining, in.readableBytes());
        in.skipBytes(length);
        remaining -= length;
      } else {
        readHeader(ctx, in);
      }
    }
    in.release();
  }

  private void readHead(ChannelHandlerContext ctx, ByteBuf in) {
    int octet = in.readByte();
    if (position >= STATUS_AT && position < STATUS_AT + 3) {
      status = 10 * status + octet - '0';
    }
    position++;
    lastFour = (lastFour << 8) | octet;
    if (lastFour == END_OF_HEAD && status == 101) {
      upgraded = true;
      member.accepted();
    } else if (lastFour == END_OF_HEAD) {
      ctx.close();
    }
  }

  private void readHeader(ChannelHandlerContext ctx, ByteBuf in) {
    header[headerLength++] = in.readByte();
    int shortLength = headerLength < 2 ? 0 : header[1] & 0x7f;
    int wanted = shortLength < 126 ? 2 : shortLength == 126 ? 4 : 10;
    if (headerLength == wanted) {
      headerLength = 0;
      remaining = shortLength;
      if (wanted > 2) {
        remaining = 0;
        for (int i = 2; i < wanted; i++) {
          remaining = (remaining << 8) | (header[i] & 0xff);
        }
      }
      begin(ctx, header[0] & 0xf);
    }
  }

  /** The pings of etherws are empty. */
  private static void begin(ChannelHandlerContext ctx, int opcode) {
    if (opcode == PING) {
      ctx.writeAndFlush(ctx.alloc().buffer(6).writeByte(0x8a).writeByte(0x80).writeInt(0));
    } else if (opcode == CLOSE) {
      ctx.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    member.disconnected();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable problem) {
    ctx.close();
  }
}
