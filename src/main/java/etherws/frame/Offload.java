package etherws.frame;

import org.jspecify.annotations.Nullable;

/**
 * What the sender of a frame has left to whoever cannot pass that on. Every kind but {@code NONE}
 * means that the TCP or UDP checksum is incomplete: its field holds the sum of the pseudo-header.
 */
public enum Offload {
  /** A frame as it stands on any wire. */
  NONE,

  /** Only the checksum is missing. */
  CHECKSUM,

  /** A super-frame: one TCP segment that has to be cut into several (TSO). */
  TCP,

  /** A super-frame: a UDP payload that is several datagrams in a row (USO). */
  UDP;

  private static final Offload[] BY_ORDINAL = values();

  /** By {@link #ordinal}, which is also the record type on the wire; null for any other number. */
  public static @Nullable Offload of(int number) {
    return number >= 0 && number < BY_ORDINAL.length ? BY_ORDINAL[number] : null;
  }
}
