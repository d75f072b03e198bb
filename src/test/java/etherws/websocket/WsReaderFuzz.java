package etherws.websocket;

import etherws.testing.Choices;
import java.util.Arrays;
import java.util.List;

/**
 * The codec, fed with anything: however the octets are cut, and in whatever memory they lie, the
 * same messages come out and the same rule is broken, and nothing stays allocated.
 */
public final class WsReaderFuzz {
  private static final WsLimits LIMITS = new WsLimits(1 << 12, 8);
  private static final List<Buffers.Kind> KINDS =
      List.of(Buffers.Kind.DIRECT, Buffers.Kind.HEAP, Buffers.Kind.COMPOSITE);

  private WsReaderFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Choices choices = new Choices(input);
    boolean masked = choices.below(2) == 1;
    Buffers.Kind kind = KINDS.get(choices.below(3));
    int chunk = 1 + choices.octet();
    int closesAfter = choices.octet();
    byte[] wire = choices.rest();
    List<String> whole = events(Buffers.Kind.HEAP, masked, closesAfter, wire, 1 + wire.length);
    List<String> cut = events(kind, masked, closesAfter, wire, chunk);
    if (!whole.equals(cut)) {
      throw new AssertionError("whole: " + whole + ", in pieces of " + chunk + ": " + cut);
    }
  }

  private static List<String> events(
      Buffers.Kind kind, boolean masked, int closesAfter, byte[] wire, int chunk) {
    Buffers buffers = new Buffers(kind);
    RecordingSink sink = new RecordingSink();
    WsReader reader = new WsReader(masked, LIMITS, sink);
    sink.reaction =
        () -> {
          if (sink.events.size() == closesAfter) {
            reader.close();
          }
        };
    try {
      for (int at = 0; at < wire.length; at += chunk) {
        buffers.read(reader, Arrays.copyOfRange(wire, at, Math.min(wire.length, at + chunk)));
      }
    } catch (WebSocketException e) {
      sink.events.add("refused with " + e.closeCode());
      if (!CloseCode.mayBeSent(e.closeCode())) {
        throw new AssertionError("no close code: " + e.closeCode(), e);
      }
    }
    reader.close();
    if (buffers.held() != 0) {
      throw new AssertionError(buffers.held() + " octets are still held");
    }
    return sink.events;
  }
}
