package etherws.auth;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One set of credentials on its way to a verdict. */
final class Attempt {
  private final Source source;
  private final Credentials credentials;
  private final long arrivedNanos;
  private final CompletableFuture<Verdict> verdict = new CompletableFuture<>();

  Attempt(Source source, Credentials credentials, long arrivedNanos) {
    this.source = source;
    this.credentials = credentials;
    this.arrivedNanos = arrivedNanos;
  }

  Source source() {
    return source;
  }

  Credentials credentials() {
    return credentials;
  }

  long arrivedNanos() {
    return arrivedNanos;
  }

  void answer(Verdict answer) {
    verdict.complete(answer);
  }

  CompletionStage<Verdict> verdict() {
    return verdict.minimalCompletionStage();
  }
}
