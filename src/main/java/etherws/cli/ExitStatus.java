package etherws.cli;

import etherws.auth.HtpasswdException;
import etherws.config.ConfigException;
import etherws.linux.Errno;
import etherws.linux.LinuxException;
import etherws.tls.TlsFileException;
import etherws.tunnel.DialException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** What the process ends with; the numbers are sysexits.h's where it has one. */
enum ExitStatus {
  OK(0, "stopped as asked"),
  FAILURE(1, "the node could not go on"),
  USAGE(2, "wrong option or argument"),
  DATA(65, "a key, certificate, htpasswd or password file is missing or wrong"),
  NO_SUCH(67, "the node has no such port, client or network"),
  NO_HOST(68, "the name of the server or of the proxy has no address"),
  UNAVAILABLE(69, "no connection to the server or the proxy, or no Java 25"),
  INTERNAL(70, "a bug in etherws"),
  SYSTEM(71, "the system refused a TAP device or a listening address"),
  NOT_RUNNING(72, "no etherws answers at the control socket"),
  REFUSED(75, "the node refused the command"),
  PROTOCOL(76, "the server or the proxy answered, but not as one"),
  NOT_ALLOWED(
      77,
      "wrong user or password, forbidden by the proxy, or no permission for TAP devices or the socket"),
  NOT_TRUSTED(78, "the certificate of the server or the proxy can't be trusted, or TLS failed"),
  CONFIG(79, "the configuration file is missing or wrong");

  private final int code;
  private final String sentence;

  ExitStatus(int code, String sentence) {
    this.code = code;
    this.sentence = sentence;
  }

  int code() {
    return code;
  }

  /** For the help text and the manual. */
  String sentence() {
    return sentence;
  }

  static ExitStatus of(Throwable problem) {
    return switch (problem) {
      case DialException dial ->
          switch (dial.kind()) {
            case RESOLVE -> NO_HOST;
            case CONNECT -> UNAVAILABLE;
            case TLS -> NOT_TRUSTED;
            case AUTHENTICATION -> NOT_ALLOWED;
            case HANDSHAKE -> PROTOCOL;
          };
      case AskException ask -> ask.status();
      case HtpasswdException _, TlsFileException _, SecretException _ -> DATA;
      case ConfigException _ -> CONFIG;
      case InstanceException _ -> FAILURE;
      case LinuxException linux ->
          (linux.is(Errno.EPERM) || linux.is(Errno.EACCES)) ? NOT_ALLOWED : SYSTEM;
      case IOException _ -> SYSTEM;
      default -> INTERNAL;
    };
  }

  /** One line: the exception's own words, or for the JDK's bare file exceptions ours. */
  static String reason(Throwable problem) {
    String message = String.valueOf(problem.getMessage());
    return switch (problem) {
      case NoSuchFileException _ -> message + ": no such file";
      case AccessDeniedException _ -> message + ": permission denied";
      case LinuxException _ -> message;
      case RuntimeException _ -> "internal error: " + problem + "; please report it";
      default -> message;
    };
  }
}
