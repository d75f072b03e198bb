package etherws.tunnel;

import etherws.bridge.Bridge;
import etherws.bridge.BridgeSettings;
import etherws.bridge.Port;
import etherws.bridge.PortPolicy;
import etherws.frame.EthernetFrame;
import etherws.frame.PlainFrames;
import etherws.metrics.DropReason;
import etherws.metrics.PortCounters;
import etherws.websocket.CloseCode;
import etherws.websocket.WebSocketException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.Random;

/**
 * A message of {@code etherws.v2} with anything in it: every record is skipped, a counted drop, or
 * a frame that becomes right plain frames; or the message is refused with 1002.
 */
public final class RecordReaderFuzz {
  private static final BridgeSettings SMALL = new BridgeSettings(Duration.ofSeconds(300), 16);

  private int offered;

  private RecordReaderFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    new RecordReaderFuzz().run(input);
  }

  private void run(byte[] input) {
    Bridge bridge = new Bridge(SMALL, () -> 0, new Random(1));
    Session session = new Session("peer", "peer", bridge, PortPolicy.LOCAL);
    bridge.attach(new Judge(), PortPolicy.LOCAL);
    int records = records(input);
    ByteBuf message = Unpooled.wrappedBuffer(input.clone());
    boolean refused = false;
    try {
      new RecordReader(session).read(message, 0, input.length);
    } catch (WebSocketException e) {
      refused = true;
      if (e.closeCode() != CloseCode.PROTOCOL_ERROR) {
        throw new AssertionError("refused with " + e.closeCode(), e);
      }
    }
    PortCounters counters = session.counters();
    long unusable =
        counters.drops(DropReason.RUNT)
            + counters.drops(DropReason.GIANT)
            + counters.drops(DropReason.OFFLOAD);
    if (offered > counters.ingressFrames()
        || counters.ingressFrames() + unusable + counters.drops(DropReason.LOOP) != records
        || refused == fills(input)) {
      throw new AssertionError(
          "%d records, %d frames, %d unusable, %d offered, refused: %b"
              .formatted(records, counters.ingressFrames(), unusable, offered, refused));
    }
  }

  /** Records of known types that are whole, before the first that isn't. */
  private static int records(byte[] message) {
    int records = 0;
    for (int at = 0; whole(message, at); at = next(message, at)) {
      records += message[at] >= 0 && message[at] <= 3 ? 1 : 0;
    }
    return records;
  }

  private static boolean fills(byte[] message) {
    int at = 0;
    while (whole(message, at)) {
      at = next(message, at);
    }
    return at == message.length;
  }

  private static boolean whole(byte[] message, int at) {
    return at + 10 <= message.length && next(message, at) <= message.length;
  }

  private static int next(byte[] message, int at) {
    int upper = (message[at + 1] & 0xff) << 16;
    return at + 10 + (upper | (message[at + 2] & 0xff) << 8 | (message[at + 3] & 0xff));
  }

  /** The far side of the bridge. */
  private final class Judge implements Port {
    private final PortCounters counters = new PortCounters();

    @Override
    public String name() {
      return "judge";
    }

    @Override
    public PortCounters counters() {
      return counters;
    }

    @Override
    public void offer(EthernetFrame frame) {
      offered++;
      if (frame.length() < EthernetFrame.HEADER_LENGTH
          || frame.length() > EthernetFrame.MAX_LENGTH
          || !WireRecord.carries(frame)) {
        throw new AssertionError("a frame of " + frame.length() + " octets");
      }
      PlainFrames.of(frame);
    }
  }
}
