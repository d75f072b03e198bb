package etherws.stream;

import java.io.Serial;

/** What a peer sent is not a stream of frames; the connection ends. */
final class StreamException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  StreamException(String message) {
    super(message);
  }
}
