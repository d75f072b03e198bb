package etherws.control;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who has dialled in.
 *
 * @param number of its port
 * @param user null where nobody is asked for a password
 * @param address of its end of the connection, or what a trusted proxy says of it
 * @param tls version and cipher; null without TLS
 * @param since when it is connected
 * @param rttMillis the last round trip of a ping; null before the first
 * @param peerRttMillis the round trip that its own pings take; null if it tells none
 */
public record ClientStatus(
    String network,
    int number,
    String name,
    @Nullable String user,
    String address,
    Wire wire,
    @Nullable String tls,
    Instant since,
    @Nullable Double rttMillis,
    @Nullable Double peerRttMillis) {
  /** How frames are put into messages. */
  public enum Wire {
    V2,
    PLAIN
  }
}
