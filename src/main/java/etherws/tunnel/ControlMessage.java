package etherws.tunnel;

import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the ends of an {@code etherws.v2} link tell each other in text messages: docs/protocol.md,
 * section 7. {@link ControlReader} reads them.
 */
sealed interface ControlMessage {
  /** The most octets of a text message that is looked at. */
  int MAX_OCTETS = 4 * 1024;

  /** Wants to be told the round trip times that we measure. */
  String RTT = "rtt";

  /** Knows what to do when we go away. */
  String GOING_AWAY = "going-away";

  /**
   * The first message of each end.
   *
   * @param capabilities what may be told to its sender
   * @param mtu the least of the devices in its sender's network; 0 says nothing
   * @param session tells a hub which of its links are of one session; null says nothing
   */
  record Hello(Set<String> capabilities, int mtu, @Nullable String session)
      implements ControlMessage {
    static final int MAX_MTU = 0xffff;

    String json() {
      return "{\"type\":\"hello\",\"capabilities\":"
          + capabilities.stream()
              .sorted()
              .map(name -> '"' + name + '"')
              .collect(Collectors.joining(",", "[", "]"))
          + (mtu > 0 ? ",\"mtu\":" + mtu : "")
          + (session == null ? "" : ",\"session\":\"" + session + '"')
          + "}";
    }
  }

  /** What its sender has measured, smoothed. */
  record Rtt(long micros) implements ControlMessage {
    String json() {
      return "{\"type\":\"rtt\",\"micros\":" + micros + "}";
    }
  }

  /** Its sender is about to close, and would like to see us again after that delay. */
  record GoingAway(long millis) implements ControlMessage {
    String json() {
      return "{\"type\":\"going-away\",\"millis\":" + millis + "}";
    }
  }

  /** Of a later version of the protocol. */
  record Unknown() implements ControlMessage {}
}
