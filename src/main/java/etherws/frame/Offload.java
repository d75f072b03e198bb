package etherws.frame;

import org.jspecify.annotations.Nullable;

/**
 * What the sender of a frame has left to whoever cannot pass that on. Every kind but {@code NONE}
 * means that the TCP or UDP checksum is incomplete: its field holds the sum of the pseudo-header.
 */
public enum Offload {
  /** A frame as it stands on any wire. */
  NONE(0),

  /** Only the checksum is missing. */
  CHECKSUM(1),

  /** A super-frame: one TCP segment that has to be cut into several (TSO). */
  TCP(2),

  /** A super-frame: a UDP payload that is several datagrams in a row (USO). */
  UDP(3);

  private final int number;

  Offload(int number) {
    this.number = number;
  }

  /** What stands for it in a record of {@code etherws.v2}. */
  public int number() {
    return number;
  }

  /** Null for a number that stands for nothing. */
  public static @Nullable Offload of(int number) {
    return switch (number) {
      case 0 -> NONE;
      case 1 -> CHECKSUM;
      case 2 -> TCP;
      case 3 -> UDP;
      default -> null;
    };
  }
}
