package etherws.config;

import etherws.tls.Passphrase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** The example of {@code docs/config.md}, and a folder with the files that it names. */
final class Example {
  static final Passphrase NO_PROMPT =
      key -> {
        throw new AssertionError("asked for the passphrase of " + key);
      };

  private static final List<String> FILES =
      List.of(
          "hub.pem",
          "hub.key",
          "clients-ca.pem",
          "users",
          "east-ca.pem",
          "me.pem",
          "me.key",
          "hub.pass",
          "metrics.token",
          "east.password",
          "east.headers",
          "proxy.password");

  private Example() {}

  static String text() throws IOException {
    String document = Files.readString(Path.of("docs", "config.md"));
    String start = "\n```toml\n";
    int begin = document.indexOf(start) + start.length();
    return document.substring(begin, document.indexOf("\n```\n", begin) + 1);
  }

  /** Writes it, and what it needs. */
  static Path in(Path folder) throws IOException {
    for (String name : FILES) {
      Path file = folder.resolve(name);
      Files.writeString(file, name.endsWith(".headers") ? "X-Token: secret\n" : "secret\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
    return Files.writeString(folder.resolve("hub.toml"), text());
  }
}
