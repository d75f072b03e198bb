package etherws.capture;

import io.netty.buffer.ByteBuf;

/** Which frames to capture. Any thread; allocates nothing. */
@FunctionalInterface
public interface FrameFilter {
  FrameFilter ALL = (_, _, _) -> true;

  /** Decides about the frame of {@code length} octets, a header's at least, at {@code start}. */
  boolean accepts(ByteBuf octets, int start, int length);

  /**
   * Reads an expression in a part of the language of pcap-filter(7); an empty one accepts all.
   *
   * @throws FilterException with the place of the error
   */
  static FrameFilter parse(String expression) throws FilterException {
    return new FilterParser(expression).parse();
  }

  default FrameFilter and(FrameFilter other) {
    return (octets, start, length) ->
        accepts(octets, start, length) && other.accepts(octets, start, length);
  }

  default FrameFilter or(FrameFilter other) {
    return (octets, start, length) ->
        accepts(octets, start, length) || other.accepts(octets, start, length);
  }

  default FrameFilter not() {
    return (octets, start, length) -> !accepts(octets, start, length);
  }
}
