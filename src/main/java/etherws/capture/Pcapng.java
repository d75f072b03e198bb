package etherws.capture;

import static java.nio.charset.StandardCharsets.UTF_8;

import etherws.capture.Capture.Source;
import io.netty.buffer.ByteBuf;

/**
 * The file format of Wireshark (draft-ietf-opsawg-pcapng), little-endian. A port is an interface,
 * described before its first frame; a frame is inbound if it went into the bridge.
 */
public final class Pcapng implements CaptureFormat {
  private static final int SECTION_HEADER = 0x0a0d0d0a;
  private static final int INTERFACE_DESCRIPTION = 1;
  private static final int INTERFACE_STATISTICS = 5;
  private static final int ENHANCED_PACKET = 6;

  private static final int BYTE_ORDER = 0x1a2b3c4d;
  private static final int LINKTYPE_ETHERNET = 1;

  private static final int END_OF_OPTIONS = 0;
  private static final int SHB_USERAPPL = 4;
  private static final int IF_NAME = 2;
  private static final int IF_TSRESOL = 9;
  private static final int EPB_FLAGS = 2;
  private static final int ISB_IFRECV = 4;
  private static final int ISB_IFDROP = 5;

  private static final int NANOSECONDS = 9;
  private static final int INBOUND = 1;
  private static final int OUTBOUND = 2;

  private final Capture capture;
  private int described;

  public Pcapng(Capture capture) {
    this.capture = capture;
  }

  @Override
  public String contentType() {
    return "application/x-pcapng";
  }

  @Override
  public void begin(ByteBuf out) {
    int block = open(SECTION_HEADER, out);
    out.writeIntLE(BYTE_ORDER).writeShortLE(1).writeShortLE(0).writeLongLE(-1);
    option(SHB_USERAPPL, "etherws".getBytes(UTF_8), out);
    close(block, out);
    describeInterfaces(out);
  }

  @Override
  public void frame(CapturedFrame frame, ByteBuf out) {
    if (frame.source().number() >= described) {
      describeInterfaces(out);
    }
    int block = open(ENHANCED_PACKET, out);
    out.writeIntLE(frame.source().number());
    time(frame.epochNanos(), out);
    out.writeIntLE(frame.octets().length).writeIntLE(frame.length());
    padded(frame.octets(), out);
    out.writeShortLE(EPB_FLAGS).writeShortLE(4).writeIntLE(frame.ingress() ? INBOUND : OUTBOUND);
    close(block, out);
  }

  @Override
  public void end(ByteBuf out) {
    describeInterfaces(out);
    for (Source source : capture.sources()) {
      int block = open(INTERFACE_STATISTICS, out);
      out.writeIntLE(source.number());
      time(capture.now(), out);
      out.writeShortLE(ISB_IFRECV).writeShortLE(8).writeLongLE(source.accepted());
      out.writeShortLE(ISB_IFDROP).writeShortLE(8).writeLongLE(source.dropped());
      close(block, out);
    }
  }

  private void describeInterfaces(ByteBuf out) {
    for (; described < capture.sources().size(); described++) {
      Source source = capture.sources().get(described);
      int block = open(INTERFACE_DESCRIPTION, out);
      out.writeShortLE(LINKTYPE_ETHERNET).writeShortLE(0).writeIntLE(capture.snapLength());
      option(IF_NAME, source.name().getBytes(UTF_8), out);
      option(IF_TSRESOL, new byte[] {NANOSECONDS}, out);
      close(block, out);
    }
  }

  /** Begins a block; its length comes in {@link #close}. */
  private static int open(int type, ByteBuf out) {
    int block = out.writerIndex();
    out.writeIntLE(type).writeIntLE(0);
    return block;
  }

  private static void close(int block, ByteBuf out) {
    out.writeShortLE(END_OF_OPTIONS).writeShortLE(0);
    int length = out.writerIndex() + 4 - block;
    out.setIntLE(block + 4, length);
    out.writeIntLE(length);
  }

  private static void option(int code, byte[] value, ByteBuf out) {
    out.writeShortLE(code).writeShortLE(value.length);
    padded(value, out);
  }

  private static void padded(byte[] octets, ByteBuf out) {
    out.writeBytes(octets).writeZero(-octets.length & 3);
  }

  private static void time(long epochNanos, ByteBuf out) {
    out.writeIntLE((int) (epochNanos >>> 32)).writeIntLE((int) epochNanos);
  }
}
