package etherws.tls;

import io.netty.util.NetUtil;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/** The DNS names and addresses in a certificate's subjectAltName; its subject names nobody. */
record CertificateNames(List<String> dnsNames, List<String> addresses) {
  private static final int EMAIL = 1;
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;
  private static final int MOST_TOLD = 5;
  private static final int MOST_USER = 100;

  static CertificateNames of(X509Certificate certificate) {
    List<String> dnsNames = new ArrayList<>();
    List<String> addresses = new ArrayList<>();
    for (List<?> entry : subjectAltName(certificate)) {
      int kind = (Integer) entry.get(0);
      if (kind == DNS_NAME) {
        dnsNames.add((String) entry.get(1));
      } else if (kind == IP_ADDRESS) {
        addresses.add((String) entry.get(1));
      }
    }
    return new CertificateNames(dnsNames, addresses);
  }

  /**
   * Whom a client's certificate names: the first e-mail address or DNS name, else the CN; null for
   * nobody, or for a name with control characters.
   */
  static @Nullable String user(X509Certificate certificate) {
    for (List<?> entry : subjectAltName(certificate)) {
      int kind = (Integer) entry.get(0);
      if (kind == EMAIL || kind == DNS_NAME) {
        return acceptable((String) entry.get(1));
      }
    }
    try {
      LdapName subject = new LdapName(certificate.getSubjectX500Principal().getName());
      for (Rdn rdn : subject.getRdns().reversed()) { // the most specific first
        if (rdn.getType().equalsIgnoreCase("CN")) {
          return rdn.getValue() instanceof String name ? acceptable(name) : null;
        }
      }
    } catch (InvalidNameException e) {
      return null;
    }
    return null;
  }

  private static @Nullable String acceptable(String name) {
    return name.isEmpty() || name.length() > MOST_USER || !name.equals(printable(name))
        ? null
        : name;
  }

  boolean isEmpty() {
    return dnsNames.isEmpty() && addresses.isEmpty();
  }

  /** True if one of the names is {@code host}, by RFC 9525: an address only by an address. */
  boolean cover(String host) {
    byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
    if (address != null) {
      return addresses.stream()
          .map(NetUtil::createByteArrayFromIpAddressString)
          .anyMatch(named -> Arrays.equals(named, address));
    }
    String name = host.toLowerCase(Locale.ROOT);
    return dnsNames.stream().anyMatch(pattern -> matches(pattern.toLowerCase(Locale.ROOT), name));
  }

  /** The names for an error message: a few of them, and nothing that could upset a terminal. */
  @Override
  public String toString() {
    int count = dnsNames.size() + addresses.size();
    String more = count > MOST_TOLD ? " and " + (count - MOST_TOLD) + " more" : "";
    return Stream.concat(dnsNames.stream(), addresses.stream())
        .limit(MOST_TOLD)
        .map(CertificateNames::printable)
        .collect(Collectors.joining(", ", "", more));
  }

  /** A peer's text made fit for one line. */
  static String printable(String text) {
    String line = text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
    return line.length() <= 100 ? line : line.substring(0, 100) + "…";
  }

  /** A star stands for one whole leftmost label, before at least two others. */
  private static boolean matches(String pattern, String name) {
    if (!pattern.startsWith("*.")) {
      return pattern.equals(name);
    }
    int dot = name.indexOf('.');
    String domain = pattern.substring(1);
    return dot > 0 && domain.indexOf('.', 1) > 0 && domain.equals(name.substring(dot));
  }

  private static Collection<List<?>> subjectAltName(X509Certificate certificate) {
    try {
      Collection<List<?>> entries = certificate.getSubjectAlternativeNames();
      return entries == null ? List.of() : entries;
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }
}
