package etherws.bridge;

/** Whether a port takes part. */
public sealed interface PortState {
  /** It does. */
  record Up() implements PortState {}

  /** The operator has shut it. */
  record Shut() implements PortState {}

  /** Another uplink of its group carries the frames of the network that both lead to. */
  record Standby() implements PortState {}

  /**
   * It led back to this bridge and is shut for a while.
   *
   * @param untilNanos when it is opened again, on the bridge's clock
   * @param reason what was seen, a clause for people
   */
  record Loop(long untilNanos, String reason) implements PortState {}
}
