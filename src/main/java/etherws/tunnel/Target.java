package etherws.tunnel;

import etherws.tls.ClientTls;
import org.jspecify.annotations.Nullable;

/**
 * A hub that a spoke may dial.
 *
 * @param tls null for ws
 */
public record Target(SpokeSettings settings, @Nullable ClientTls tls) {
  @Override
  public String toString() {
    return settings.uri().toString();
  }
}
