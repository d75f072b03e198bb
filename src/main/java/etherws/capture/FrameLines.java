package etherws.capture;

import static java.nio.charset.StandardCharsets.UTF_8;

import etherws.capture.Capture.Source;
import etherws.frame.MacAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** A line for each frame: time, port, direction, source, destination, EtherType, VLAN, length. */
public final class FrameLines implements CaptureFormat {
  private static final long NANOS = 1_000_000_000;
  private static final int MIN_ETHER_TYPE = 0x600;

  private final Capture capture;
  private final DateTimeFormatter time;

  public FrameLines(Capture capture, ZoneId zone) {
    this.capture = capture;
    this.time = DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS").withZone(zone);
  }

  @Override
  public String contentType() {
    return "text/plain; charset=utf-8";
  }

  @Override
  public void begin(ByteBuf out) {
    // Lines need no heading.
  }

  @Override
  public void frame(CapturedFrame frame, ByteBuf out) {
    out.writeCharSequence(line(frame) + "\n", UTF_8);
  }

  private String line(CapturedFrame frame) {
    ByteBuf octets = Unpooled.wrappedBuffer(frame.octets());
    int length = frame.octets().length;
    StringBuilder line = new StringBuilder();
    long nanos = frame.epochNanos();
    time.formatTo(Instant.ofEpochSecond(nanos / NANOS, nanos % NANOS), line);
    line.append(' ').append(frame.source().name());
    line.append(frame.ingress() ? " in  " : " out ");
    line.append(MacAddress.format(octets.getLong(6) >>> 16)).append(" > ");
    line.append(MacAddress.format(octets.getLong(0) >>> 16));
    line.append(' ').append(kind(Headers.etherType(octets, 0, length)));
    for (int i = 0; i < Headers.tags(octets, 0, length); i++) {
      line.append(" vlan ").append(Headers.vid(octets, 0, i));
    }
    return line.append(" length ").append(frame.length()).toString();
  }

  private static String kind(int etherType) {
    return switch (etherType) {
      case Headers.IPV4 -> "IPv4";
      case Headers.IPV6 -> "IPv6";
      case Headers.ARP -> "ARP";
      default -> etherType < MIN_ETHER_TYPE ? "LLC" : "0x%04x".formatted(etherType);
    };
  }

  @Override
  public void end(ByteBuf out) {
    long accepted = capture.sources().stream().mapToLong(Source::accepted).sum();
    long dropped = capture.sources().stream().mapToLong(Source::dropped).sum();
    out.writeCharSequence(
        "%d frames, %d of them dropped for want of room%n".formatted(accepted, dropped), UTF_8);
  }
}
