package etherws.auth;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The octets of an htpasswd file, and of an Authorization header: users or one sentence about a
 * line; credentials or none. Whatever hash is taken can be checked, and its decoy matches nothing.
 */
public final class HtpasswdFuzz {
  private static final Path FILE = Path.of("users");
  private static final byte[] PASSWORD = "secret".getBytes(StandardCharsets.UTF_8);

  private HtpasswdFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    String text = new String(input, StandardCharsets.ISO_8859_1);
    Credentials credentials = Credentials.parse(text);
    if (credentials != null && credentials.password().length > Credentials.MAX_PASSWORD_LENGTH) {
      throw new AssertionError("a password of " + credentials.password().length + " octets");
    }
    Users users;
    try {
      users = Users.parse(FILE, input);
    } catch (HtpasswdException e) {
      checkMessage(e);
      return;
    }
    PasswordHash decoy = users.decoy(0.99);
    if ((decoy == null) != (users.count() == 0) || users.weak() > users.count()) {
      throw new AssertionError(users.count() + " users, decoy " + decoy);
    }
    for (String line : text.lines().toList()) {
      PasswordHash hash = users.hash(line.substring(0, Math.max(0, line.indexOf(':'))));
      if (hash != null) {
        check(hash);
      }
    }
  }

  private static void checkMessage(HtpasswdException e) {
    String message = String.valueOf(e.getMessage());
    if (e.line() < 1 || message.contains("\n") || message.length() > 1_000 + message.indexOf(' ')) {
      throw new AssertionError("no line for the operator: " + message, e);
    }
  }

  private static void check(PasswordHash hash) {
    if (isQuick(hash)) {
      hash.matches(PASSWORD.clone());
      if (hash.decoy().matches(PASSWORD.clone())) {
        throw new AssertionError("the decoy of " + hash.text() + " matches");
      }
    }
    if (!hash.decoy().cost().equals(hash.cost())) {
      throw new AssertionError("the decoy of " + hash.text() + " costs something else");
    }
  }

  /** Others take longer than a fuzzer has. */
  private static boolean isQuick(PasswordHash hash) {
    return switch (hash.scheme()) {
      case BCRYPT -> hash.text().startsWith("04$", 4);
      case SHA512, SHA256 -> hash.text().startsWith("rounds=1000$", 3);
      case APR1, DES, SHA1 -> true;
    };
  }
}
