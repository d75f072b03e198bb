package etherws.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A PEM file: its blocks in order. Text around them, as {@code openssl x509 -text} prints, is
 * skipped.
 */
record PemFile(Path path, List<PemBlock> blocks) {
  private static final String BEGIN = "-----BEGIN ";

  /** RFC 7468: what stands here is printed in messages. */
  private static final Pattern BEGIN_LINE = Pattern.compile(BEGIN + "([ !-,.-~]{1,64})-----");

  private static final String END = "-----END ";
  private static final String DASHES = "-----";

  static PemFile read(Path path) throws TlsFileException {
    try {
      return new PemFile(path, parse(path, Files.readString(path, ISO_8859_1)));
    } catch (NoSuchFileException e) {
      throw new TlsFileException(path, "no such file", e);
    } catch (AccessDeniedException e) {
      throw new TlsFileException(
          path, "permission denied: let the user that etherws runs as read it", e);
    } catch (IOException e) {
      throw new TlsFileException(path, "cannot be read: " + e.getMessage(), e);
    }
  }

  /** Every certificate in the file, in order; at least one. */
  List<X509Certificate> certificates() throws TlsFileException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (PemBlock block : blocks) {
      if (block.isCertificate()) {
        try {
          certificates.add(certificate(block));
        } catch (CertificateException e) {
          String what = "its certificate no. " + (certificates.size() + 1) + " is damaged";
          throw new TlsFileException(path, what, e);
        }
      }
    }
    if (certificates.isEmpty()) {
      throw new TlsFileException(
          path, "no certificate in it: PEM with '-----BEGIN CERTIFICATE-----' expected");
    }
    return certificates;
  }

  static X509Certificate certificate(PemBlock block) throws CertificateException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.octets()));
  }

  private static List<PemBlock> parse(Path path, String text) throws TlsFileException {
    List<PemBlock> blocks = new ArrayList<>();
    Iterator<String> lines = text.lines().map(String::strip).iterator();
    while (lines.hasNext()) {
      String line = lines.next();
      Matcher begin = BEGIN_LINE.matcher(line);
      if (begin.matches()) {
        blocks.add(block(path, begin.group(1), lines));
      }
    }
    return blocks;
  }

  private static PemBlock block(Path path, String label, Iterator<String> lines)
      throws TlsFileException {
    Map<String, String> headers = new HashMap<>();
    StringBuilder base64 = new StringBuilder();
    while (lines.hasNext()) {
      String line = lines.next();
      int colon = line.indexOf(':');
      if (line.startsWith(END)) {
        return new PemBlock(label, Map.copyOf(headers), decode(path, label, base64.toString()));
      } else if (colon > 0) {
        headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
      } else {
        base64.append(line);
      }
    }
    throw new TlsFileException(path, "cut short: '" + BEGIN + label + DASHES + "' has no END line");
  }

  private static byte[] decode(Path path, String label, String base64) throws TlsFileException {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new TlsFileException(path, "the Base64 of its " + label + " is damaged", e);
    }
  }
}
