package etherws.tap;

import java.util.concurrent.CompletableFuture;

/** Calls a reader whenever its TAP queue has frames. */
interface Watch {
  /** Once, and not after stop. Completes when frames are being read. */
  CompletableFuture<Void> start();

  /** Idempotent, from any thread. Completes when nobody will read any more. */
  CompletableFuture<Void> stop();
}
