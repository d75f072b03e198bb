package etherws.tls;

import static etherws.tls.TlsFailure.Reason.BAD_CERTIFICATE;
import static etherws.tls.TlsFailure.Reason.EXPIRED;
import static etherws.tls.TlsFailure.Reason.NOT_YET_VALID;
import static etherws.tls.TlsFailure.Reason.NO_NAMES;
import static etherws.tls.TlsFailure.Reason.SELF_SIGNED;
import static etherws.tls.TlsFailure.Reason.UNKNOWN_CA;
import static etherws.tls.TlsFailure.Reason.WRONG_HOST;
import static etherws.tls.TlsFailure.Reason.WRONG_PIN;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link ClientTls} meets {@link ServerTls}, with every pair of engines. */
@Execution(ExecutionMode.CONCURRENT)
@ParameterizedClass(name = "{0} client, {1} server")
@CsvSource({"OPENSSL, OPENSSL", "OPENSSL, JDK", "JDK, OPENSSL", "JDK, JDK"})
class HandshakeTest {
  private static final Duration YEARS = Duration.ofDays(5 * 365);

  @TempDir private static Path directory;
  private static Openssl openssl;

  private final SslProvider clientProvider;
  private final SslProvider serverProvider;
  private InstantSource clock = InstantSource.system();

  HandshakeTest(SslProvider clientProvider, SslProvider serverProvider) {
    this.clientProvider = clientProvider;
    this.serverProvider = serverProvider;
  }

  @BeforeAll
  static void makeCertificates() throws Exception {
    openssl = new Openssl(directory);
    for (String name : new String[] {"ca", "other", "self"}) {
      openssl.key(name, Openssl.EC);
      openssl.selfSigned(name, "DNS:hub.example");
    }
    openssl.key("bare", Openssl.EC);
    openssl.selfSigned("bare", "");
    openssl.key("rsa", "RSA");
    openssl.selfSigned("rsa", "DNS:hub.example");
    openssl.key("hub", Openssl.EC);
    openssl.issued("hub", "ca", "DNS:hub.example,IP:192.0.2.1,IP:2001:db8::1");
    openssl.key("hub.example", Openssl.EC);
    openssl.issued("hub.example", "ca", "");
    openssl.key("sub", Openssl.EC);
    openssl.issuedWith("sub", "ca", "basicConstraints=CA:TRUE");
    openssl.key("leaf", Openssl.EC);
    openssl.issued("leaf", "sub", "DNS:hub.example");
    openssl.key("person", Openssl.EC);
    openssl.issuedWith(
        "person", "ca", "subjectAltName=DNS:hub.example\nextendedKeyUsage=clientAuth");
    Files.writeString(
        openssl.path("chain.crt"),
        Files.readString(openssl.path("leaf.crt")) + Files.readString(openssl.path("sub.crt")));
    Files.writeString(
        openssl.path("bundle.crt"),
        Files.readString(openssl.path("other.crt")) + Files.readString(openssl.path("ca.crt")));
  }

  @Test
  void succeedsWithACaThatIsTrusted() throws Exception {
    accepts("hub.example", "ca", "hub", "hub");
    accepts("hub.example", "bundle", "hub", "hub");
    accepts("HUB.example.", "ca", "hub", "hub");
  }

  @Test
  void succeedsThroughACaInBetween() throws Exception {
    accepts("hub.example", "ca", "leaf", "chain");
    refuses("hub.example", "ca", "leaf", "leaf", UNKNOWN_CA);
  }

  @Test
  void succeedsWithASelfSignedCertificateThatIsTrustedItself() throws Exception {
    accepts("hub.example", "self", "self", "self");
    accepts("hub.example", "rsa", "rsa", "rsa");
  }

  @Test
  void succeedsWithAnIssuedCertificateThatIsTrustedItself() throws Exception {
    accepts("hub.example", "leaf", "leaf", "leaf");
  }

  @ParameterizedTest
  @CsvSource({"192.0.2.1", "[2001:db8::1]", "2001:db8:0::1"})
  void succeedsWithAnAddressThatTheCertificateHas(String host) throws Exception {
    accepts(host, "ca", "hub", "hub");
  }

  @Test
  void refusesAnUnknownCa() throws Exception {
    assertThat(refuses("hub.example", "other", "hub", "hub", UNKNOWN_CA))
        .isEqualTo(
            "the certificate of hub.example comes from a CA that is not trusted here (CN=ca): if it"
                + " is the right one, add it or its CA to "
                + openssl.path("other.crt"));
  }

  @Test
  void refusesACaThatTheSystemDoesNotKnow() throws Exception {
    assertThat(refuses("hub.example", null, "hub", "hub", UNKNOWN_CA))
        .endsWith("(CN=ca): if it is the right one, give it or its CA with --cacerts");
  }

  @Test
  void refusesASelfSignedCertificateThatNobodyGave() throws Exception {
    assertThat(refuses("hub.example", null, "self", "self", SELF_SIGNED))
        .isEqualTo(
            "the certificate of hub.example is self-signed and not trusted here: if it is the right"
                + " one, give it or its CA with --cacerts");
    refuses("hub.example", "ca", "self", "self", SELF_SIGNED);
  }

  @ParameterizedTest
  @CsvSource({"spoke.example", "192.0.2.2", "2001:db8::2", "a.hub.example", "hub"})
  void refusesAnotherHostAndTellsTheNames(String host) throws Exception {
    assertThat(refuses(host, "ca", "hub", "hub", WRONG_HOST))
        .isEqualTo(
            "the certificate of %s is for hub.example, 192.0.2.1, 2001:db8:0:0:0:0:0:1, not for this host"
                .formatted(host));
  }

  @Test
  void refusesAnExpiredCertificateEvenIfItIsTrustedItself() throws Exception {
    clock = InstantSource.offset(clock, YEARS);

    assertThat(refuses("hub.example", "ca", "hub", "hub", EXPIRED))
        .startsWith("the certificate of hub.example expired at ")
        .endsWith(": renew it on the server");
    refuses("hub.example", "self", "self", "self", EXPIRED);
  }

  @Test
  void refusesACertificateThatIsNotYetValid() throws Exception {
    clock = InstantSource.offset(clock, YEARS.negated());

    assertThat(refuses("hub.example", "ca", "hub", "hub", NOT_YET_VALID))
        .startsWith("the certificate of hub.example is valid only from ")
        .endsWith(": check the clocks");
    refuses("hub.example", "self", "self", "self", NOT_YET_VALID);
  }

  @Test
  void refusesACertificateWithoutSubjectAltNameThoughItsCnFits() throws Exception {
    assertThat(refuses("hub.example", "ca", "hub.example", "hub.example", NO_NAMES))
        .isEqualTo(
            "the certificate of hub.example has no subjectAltName, so it names no host: make one"
                + " with 'subjectAltName'");
    refuses("bare", "bare", "bare", "bare", NO_NAMES);
  }

  @Test
  void refusesACertificateThatIsNotForServers() throws Exception {
    assertThat(refuses("hub.example", "ca", "person", "person", BAD_CERTIFICATE))
        .contains("Extended key usage does not permit use for TLS server authentication");
  }

  @ParameterizedTest
  @CsvSource({"hub, hub", "self, self", "bare, bare", "person, person", "leaf, leaf"})
  void insecureAcceptsAnything(String key, String cert) throws Exception {
    for (Duration offset : new Duration[] {Duration.ZERO, YEARS, YEARS.negated()}) {
      clock = InstantSource.offset(InstantSource.system(), offset);
      succeeds(new ClientTlsSettings("elsewhere.example", 443, null, true), key, cert);
    }
  }

  @Test
  void aPinnedKeyIsAccepted() throws Exception {
    succeeds(pinned(false, "other", "hub"), "hub", "hub");
    succeeds(pinned(true, "self"), "self", "self");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aKeyThatIsNotPinnedIsRefusedAndItsPinTold(boolean insecure) throws Exception {
    assertThat(refuses(pinned(insecure, "other", "self"), "hub", "hub", WRONG_PIN))
        .isEqualTo(
            "the key of hub.example is not pinned, its pin is %s: give that if the server has a new"
                    .formatted(pin("hub"))
                + " key; if not, somebody is in between");
  }

  @Test
  void aPinIsNoSubstituteForACaUnlessAskedFor() throws Exception {
    ClientTlsSettings settings =
        new ClientTlsSettings(
            "hub.example", 443, crt("other"), null, null, false, Set.of(pin("hub")));

    refuses(settings, "hub", "hub", UNKNOWN_CA);
  }

  private ClientTlsSettings pinned(boolean insecure, String... keys) throws Exception {
    Set<Pin> pins = new HashSet<>();
    for (String key : keys) {
      pins.add(pin(key));
    }
    return new ClientTlsSettings("hub.example", 443, crt("ca"), null, null, insecure, pins);
  }

  /** As the manual says how to get it. */
  private static Pin pin(String key) throws Exception {
    openssl.run("pkey -in %1$s.key -pubout -outform DER -out %1$s.der".formatted(key));
    byte[] info = Files.readAllBytes(openssl.path(key + ".der"));
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(info);
    return Pin.parse("sha256:" + Base64.getEncoder().encodeToString(hash));
  }

  private void accepts(String host, String cacerts, String key, String cert) throws Exception {
    succeeds(new ClientTlsSettings(host, 443, crt(cacerts), false), key, cert);
  }

  private void succeeds(ClientTlsSettings settings, String key, String cert) throws Exception {
    Handshake handshake = handshake(client(settings), key, cert);

    assertThat(handshake.clientFailure()).isNull();
    assertThat(handshake.succeeded()).isTrue();
    assertThat(handshake.protocol()).isEqualTo("TLSv1.3");
    assertThat(handshake.client.applicationProtocol()).isEqualTo("http/1.1");
    assertThat(handshake.server.applicationProtocol()).isEqualTo("http/1.1");
    assertThat(handshake.received).containsExactly(Handshake.REQUEST);
  }

  /** The handshake fails on both ends, the request dies on the client's, and the reason is told. */
  private String refuses(
      String host, @Nullable String cacerts, String key, String cert, TlsFailure.Reason reason)
      throws Exception {
    Path file = cacerts == null ? null : crt(cacerts);
    return refuses(new ClientTlsSettings(host, 443, file, false), key, cert, reason);
  }

  private String refuses(
      ClientTlsSettings settings, String key, String cert, TlsFailure.Reason reason)
      throws Exception {
    ClientTls client = client(settings);
    Handshake handshake = handshake(client, key, cert);

    assertThat(handshake.received).isEmpty();
    assertThat(handshake.serverFailure()).isNotNull();
    assertThat(handshake.request.isSuccess()).isFalse();
    assertThat(handshake.request.cause()).isNotNull();
    TlsFailure failure = client.explain(requireNonNull(handshake.clientFailure()));
    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.text()).doesNotContain("\n");
    assertThat(client.fallBack(requireNonNull(handshake.clientFailure()))).isFalse();
    return failure.text();
  }

  private ClientTls client(ClientTlsSettings settings) throws TlsFileException {
    return new ClientTls(settings, clock, clientProvider);
  }

  private Handshake handshake(ClientTls client, String key, String cert) throws TlsFileException {
    ServerTls server =
        new ServerTls(
            new ServerTlsSettings(openssl.path(key + ".key"), crt(cert)),
            Passphrase.NONE,
            clock,
            serverProvider);
    return new Handshake(
        client.newHandler(UnpooledByteBufAllocator.DEFAULT),
        server.newHandler(UnpooledByteBufAllocator.DEFAULT));
  }

  private static Path crt(String name) {
    return openssl.path(name + ".crt");
  }
}
