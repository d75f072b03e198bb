package etherws.control;

/** What became of a command. */
public sealed interface Outcome {
  /**
   * Done.
   *
   * @param message what changed, in a sentence; may be empty
   */
  record Ok(String message) implements Outcome {}

  /**
   * There is nothing it could be done to.
   *
   * @param what is missing: {@code no port lab/9}
   */
  record NotFound(String what) implements Outcome {}

  /**
   * Not done, and nothing has changed.
   *
   * @param reason in a sentence
   */
  record Refused(String reason) implements Outcome {}

  /** There is a new port. */
  record Added(PortId port) implements Outcome {}

  static Outcome ok() {
    return new Ok("");
  }
}
