package etherws.tls;

import etherws.testing.Choices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/**
 * Files that should hold keys and certificates, as text or as DER that is put into a block: a key
 * and its chain, or one sentence.
 */
public final class PemFuzz {
  private static final String[] LABELS = {
    "PRIVATE KEY",
    "RSA PRIVATE KEY",
    "EC PRIVATE KEY",
    "ENCRYPTED PRIVATE KEY",
    "CERTIFICATE",
    "TRUSTED CERTIFICATE",
    "DSA PRIVATE KEY"
  };
  private static final Path FILE = file();

  private PemFuzz() {}

  private static Path file() {
    try {
      Path file = Files.createTempFile("etherws-fuzz", ".pem");
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    Choices choices = new Choices(input);
    int form = choices.below(1 + LABELS.length);
    byte[] octets = choices.rest();
    Files.write(FILE, form == 0 ? octets : block(LABELS[form - 1], octets));
    try {
      PemFile pem = PemFile.read(FILE);
      readKey(pem);
      pem.certificates();
      KeyAndChain.read(FILE, FILE, _ -> "secret".toCharArray());
    } catch (TlsFileException e) {
      checkMessage(e);
    }
  }

  private static void readKey(PemFile pem) {
    try {
      PemPrivateKey.in(pem, _ -> "secret".toCharArray());
    } catch (TlsFileException e) {
      checkMessage(e);
    }
  }

  private static void checkMessage(TlsFileException e) {
    String message = String.valueOf(e.getMessage());
    if (message.chars().anyMatch(Character::isISOControl) || message.length() > 1_000) {
      throw new AssertionError("no line for the operator: " + message, e);
    }
  }

  private static byte[] block(String label, byte[] der) {
    String base64 = Base64.getMimeEncoder().encodeToString(der);
    String block = "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(label, base64);
    return block.getBytes(StandardCharsets.ISO_8859_1);
  }
}
