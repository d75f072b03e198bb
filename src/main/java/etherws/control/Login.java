package etherws.control;

import java.net.InetAddress;
import java.util.concurrent.CompletionStage;

/** Checks passwords, elsewhere than on the control thread. */
@FunctionalInterface
public interface Login {
  /**
   * Whether the request may pass.
   *
   * @param source who asks: those who guess slow down themselves alone
   * @param authorization the request's field of that name, empty if it has none
   */
  CompletionStage<Boolean> passes(InetAddress source, String authorization);
}
