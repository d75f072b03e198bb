package etherws.testing;

import java.nio.file.Path;

/** Keys and certificates as an operator makes them, with the {@code openssl} command. */
public final class Certificates {
  private Certificates() {}

  /**
   * A self-signed {@code ssl.crt} for {@code names} (subjectAltName syntax), its key {@code
   * ssl.key}.
   *
   * @param form {@code RSA PKCS#8}, {@code RSA PKCS#1} or {@code EC SEC1}
   */
  public static void make(Path folder, String form, String names) {
    String key = folder.resolve("ssl.key").toString();
    switch (form) {
      case "RSA PKCS#8" -> openssl("genpkey", "-algorithm", "RSA", "-out", key);
      case "RSA PKCS#1" -> openssl("genrsa", "-traditional", "-out", key, "2048");
      case "EC SEC1" -> openssl("ecparam", "-name", "prime256v1", "-genkey", "-out", key);
      default -> throw new IllegalArgumentException(form);
    }
    sign(folder, "ssl", names, "30");
  }

  /** Signs {@code NAME.key} by itself into {@code NAME.crt}. */
  public static void sign(Path folder, String name, String names, String days) {
    openssl(
        "req",
        "-new",
        "-x509",
        "-key",
        folder.resolve(name + ".key").toString(),
        "-out",
        folder.resolve(name + ".crt").toString(),
        "-days",
        days,
        "-subj",
        "/CN=etherws test",
        "-addext",
        "subjectAltName=" + names);
  }

  public static void openssl(String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = "openssl";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Command.of(command).succeed();
  }
}
