package etherws.capture;

/** A copy of a frame that passed a port. */
public final class CapturedFrame {
  private final Capture.Source source;
  private final long epochNanos;
  private final boolean ingress;
  private final byte[] octets;
  private final int length;

  /**
   * @param octets the first ones of the frame, or all; nobody changes them
   * @param length of the whole frame
   */
  CapturedFrame(
      Capture.Source source, long epochNanos, boolean ingress, byte[] octets, int length) {
    this.source = source;
    this.epochNanos = epochNanos;
    this.ingress = ingress;
    this.octets = octets;
    this.length = length;
  }

  /** The port that it passed. */
  Capture.Source source() {
    return source;
  }

  /** When, in nanoseconds since 1970. */
  long epochNanos() {
    return epochNanos;
  }

  /** Into the bridge, or out of it. */
  boolean ingress() {
    return ingress;
  }

  byte[] octets() {
    return octets;
  }

  int length() {
    return length;
  }
}
