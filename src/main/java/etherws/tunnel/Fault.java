package etherws.tunnel;

import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import org.slf4j.Logger;

/** What went wrong on a channel, in words fit for a log. */
final class Fault {
  private static final int MAX_LENGTH = 200;

  private Fault() {}

  /**
   * The message of what a peer or the network did. Anything else is a bug of ours, which {@code
   * log} gets with its trace.
   */
  static String describe(Throwable problem, Logger log) {
    if (!(problem instanceof IOException) && !(problem instanceof DecoderException)) {
      log.error("a bug in etherws; please report it", problem);
    }
    return printable(String.valueOf(problem.getMessage()));
  }

  /** Text of a stranger's, one short line without anything that a terminal would obey. */
  static String printable(String text) {
    String line = text.replaceAll("\\p{Cntrl}|[\\u0080-\\u009f\\u2028\\u2029\\u202a-\\u202e]", "?");
    return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "…";
  }
}
