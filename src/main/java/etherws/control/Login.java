package etherws.control;

import java.util.concurrent.CompletionStage;

/** Checks passwords, elsewhere than on the control thread. */
@FunctionalInterface
public interface Login {
  /**
   * Whether the request may pass.
   *
   * @param authorization the request's field of that name, empty if it has none
   */
  CompletionStage<Boolean> passes(String authorization);
}
