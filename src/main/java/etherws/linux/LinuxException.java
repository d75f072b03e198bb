package etherws.linux;

import java.io.Serial;

/** The kernel refused a call. The message is one line: which call, on what, why, and what to do. */
public final class LinuxException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final String call;
  private final String subject;
  private final int errno;

  /** {@code new LinuxException("TUNSETIFF", "ethws0", 1)}. */
  public LinuxException(String call, String subject, int errno) {
    this(call, subject, errno, "");
  }

  private LinuxException(String call, String subject, int errno, String hint) {
    super(call + " " + subject + ": " + Errno.describe(errno) + hint);
    this.call = call;
    this.subject = subject;
    this.errno = errno;
  }

  /** The same with advice behind it, for those who can put it right. */
  public LinuxException withHint(String hint) {
    LinuxException hinted = new LinuxException(call, subject, errno, "; " + hint);
    hinted.setStackTrace(getStackTrace());
    return hinted;
  }

  public int errno() {
    return errno;
  }

  public boolean is(Errno expected) {
    return errno == expected.number();
  }
}
