package etherws.tunnel;

import etherws.bridge.Attachment;
import etherws.bridge.Bridge;
import etherws.bridge.BridgeSettings;
import etherws.bridge.Port;
import etherws.bridge.PortPolicy;
import etherws.frame.EthernetFrame;
import etherws.frame.Offload;
import etherws.metrics.PortCounters;
import etherws.websocket.WsWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A link that speaks a given wire on an embedded channel, and a port that sees all its frames. */
final class EmbeddedLink implements AutoCloseable {
  /** A frame as a port was offered it. */
  record Seen(String octets, Offload offload, int segmentSize) {}

  final Bridge bridge = new Bridge(BridgeSettings.DEFAULTS, () -> 0);
  final Session session = new Session("peer", "peer", bridge, PortPolicy.LOCAL);
  final EmbeddedChannel channel = new EmbeddedChannel();
  final List<Seen> seen = new ArrayList<>();
  final Port port = new Witness();
  final Link link;
  long nanos;
  private final String greeting;
  private final Attachment attachment = bridge.attach(port, PortPolicy.LOCAL);

  private final class Witness implements Port {
    private final PortCounters counters = new PortCounters();

    @Override
    public String name() {
      return "witness";
    }

    @Override
    public PortCounters counters() {
      return counters;
    }

    @Override
    public void offer(EthernetFrame frame) {
      String octets = ByteBufUtil.hexDump(frame.buffer(), frame.start(), frame.length());
      seen.add(new Seen(octets, frame.offload(), frame.segmentSize()));
    }
  }

  /**
   * @param spoke whether the link masks what it sends, and takes what isn't masked
   */
  EmbeddedLink(Wire wire, boolean spoke) {
    channel.freezeTime();
    WsWriter writer = spoke ? WsWriter.masked(() -> 0x1122334455667788L) : WsWriter.unmasked();
    link = new Link(session, wire, Quirks.none(), spoke, writer, () -> nanos, _ -> session.close());
    channel.pipeline().addLast(link);
    channel.runPendingTasks();
    greeting = written();
  }

  /** What every link begins with: a ping, and on {@code etherws.v2} a hello. */
  String greeting() {
    return greeting;
  }

  /** A text message of a client. */
  void says(String text) {
    receives(RawPeer.masked(RawPeer.FIN | RawPeer.TEXT, text.getBytes(StandardCharsets.UTF_8)));
  }

  /** What the peer says, in one chunk. */
  void receives(byte[] octets) {
    channel.writeInbound(Unpooled.wrappedBuffer(octets));
  }

  /** Frames for the peer, in one wake-up. */
  void sends(EthernetFrame... frames) {
    for (EthernetFrame frame : frames) {
      attachment.receive(frame);
    }
    channel.runPendingTasks();
  }

  /** All that has been written, as hex, and forgotten now. */
  String written() {
    ByteBuf all = Unpooled.buffer();
    for (ByteBuf write = channel.readOutbound(); write != null; write = channel.readOutbound()) {
      all.writeBytes(write);
      write.release();
    }
    return ByteBufUtil.hexDump(all);
  }

  PortCounters counters() {
    return session.counters();
  }

  @Override
  public void close() {
    channel.finishAndReleaseAll();
  }
}
