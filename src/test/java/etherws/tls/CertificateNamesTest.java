package etherws.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateNamesTest {
  @ParameterizedTest
  @CsvSource({
    "hub.example, hub.example, true",
    "HUB.example, hub.EXAMPLE, true",
    "hub.example, hub.example.org, false",
    "hub, hub, true",
    "*.example.org, hub.example.org, true",
    "*.example.org, a.hub.example.org, false",
    "*.example.org, example.org, false",
    "*.example.org, .example.org, false",
    "*.org, example.org, false",
    "h*.example.org, hub.example.org, false",
    "*, hub, false",
    "192.0.2.1, 192.0.2.1, false",
    "*.0.2.1, 192.0.2.1, false"
  })
  void aDnsNameCoversAHost(String name, String host, boolean covered) {
    assertThat(new CertificateNames(List.of(name), List.of()).cover(host)).isEqualTo(covered);
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1, true",
    "192.0.2.1, 192.0.2.2, false",
    "0:0:0:0:0:0:0:1, ::1, true",
    "2001:db8:0:0:0:0:0:1, 2001:DB8::1, true",
    "2001:db8:0:0:0:0:0:1, 2001:db8::2, false",
    "192.0.2.1, hub.example, false"
  })
  void anAddressCoversItselfHoweverItIsWritten(String address, String host, boolean covered) {
    assertThat(new CertificateNames(List.of(), List.of(address)).cover(host)).isEqualTo(covered);
  }

  @Test
  void areToldInOneShortLineThatHarmsNoTerminal() {
    List<String> many = IntStream.range(0, 99).mapToObj(i -> "h" + i).toList();
    assertThat(new CertificateNames(many, List.of("::1")))
        .hasToString("h0, h1, h2, h3, h4 and 95 more");

    assertThat(new CertificateNames(List.of("a\u001b[2J\nb\u202ec"), List.of()))
        .hasToString("a?[2J?b?c");
  }

  @ParameterizedTest
  @CsvSource({"/CN=alice, alice", "/DC=com/CN=Users/CN=alice, alice", "/O=Example, "})
  void aClientIsItsMostSpecificName(String subject, @Nullable String user, @TempDir Path directory)
      throws Exception {
    Openssl openssl = new Openssl(directory);
    openssl.key("client", Openssl.EC);
    openssl.run("req -x509 -key client.key -out client.crt -days 1 -subj " + subject);

    X509Certificate certificate =
        PemFile.read(openssl.path("client.crt")).certificates().getFirst();

    assertThat(CertificateNames.user(certificate)).isEqualTo(user);
  }
}
