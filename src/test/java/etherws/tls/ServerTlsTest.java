package etherws.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

class ServerTlsTest {
  private static final InstantSource NOW = InstantSource.system();

  private Openssl openssl;

  @BeforeEach
  void makeKeyAndCertificate(@TempDir Path directory) throws Exception {
    openssl = new Openssl(directory);
    openssl.key("hub", Openssl.EC);
    openssl.selfSigned("hub", "DNS:hub.example");
  }

  @ParameterizedTest
  @CsvSource({
    "EC -pkeyopt ec_paramgen_curve:P-256, BoringSSL",
    "EC -pkeyopt ec_paramgen_curve:P-384, BoringSSL",
    "EC -pkeyopt ec_paramgen_curve:P-521, BoringSSL",
    "RSA, BoringSSL",
    "ED25519, JDK",
    "ED448, JDK",
    "RSA-PSS, JDK"
  })
  void choosesTheEngineThatCanSignWithTheKey(String algorithm, String provider) throws Exception {
    openssl.key("hub", algorithm);
    openssl.selfSigned("hub", "DNS:hub.example");

    ServerTls server = server(SslProvider.OPENSSL);

    assertThat(server.provider()).isEqualTo(provider);
    assertThat(connect(server, "TLSv1.3", null).succeeded()).isTrue();
    assertThat(connect(server, "TLSv1.2", null).succeeded()).isTrue();
  }

  @Test
  void usesBoringSslUnlessToldOtherwise() throws Exception {
    assertThat(new ServerTls(settings(), Passphrase.NONE, NOW).provider()).isEqualTo("BoringSSL");
    assertThat(server(SslProvider.JDK).provider()).isEqualTo("JDK");
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENSSL", "JDK"})
  void refusesTls11(SslProvider provider) throws Exception {
    Handshake handshake = connect(server(provider), "TLSv1.1", null, SslProvider.OPENSSL);

    assertThat(handshake.serverFailure()).isNotNull();
    assertThat(handshake.clientFailure()).hasStackTraceContaining("PROTOCOL_VERSION");
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENSSL", "JDK"})
  void refusesTls12WithoutAead(SslProvider provider) throws Exception {
    String cbc = "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA";
    String gcm = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";

    assertThat(connect(server(provider), "TLSv1.2", cbc).clientFailure())
        .hasStackTraceContaining("handshake_failure");
    assertThat(connect(server(provider), "TLSv1.2", gcm).succeeded()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENSSL", "JDK"})
  void reloadChangesTheCertificateOfLinksToCome(SslProvider provider) throws Exception {
    ServerTls server = server(provider);
    X509Certificate before = shown(server);
    openssl.key("hub", Openssl.EC);
    openssl.selfSigned("hub", "DNS:hub.example");
    assertThat(shown(server)).isEqualTo(before);

    server.reload();

    assertThat(shown(server)).isNotEqualTo(before).isEqualTo(inFile("hub.crt"));
  }

  @Test
  void reloadMayChangeTheKindOfKey() throws Exception {
    ServerTls server = server(SslProvider.OPENSSL);
    openssl.key("hub", "ED25519");
    openssl.selfSigned("hub", "DNS:hub.example");

    server.reload();

    assertThat(server.provider()).isEqualTo("JDK");
    assertThat(shown(server)).isEqualTo(inFile("hub.crt"));
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENSSL", "JDK"})
  void aBrokenFileKeepsWhatWasThereBefore(SslProvider provider) throws Exception {
    ServerTls server = server(provider);
    X509Certificate before = shown(server);
    openssl.key("other", Openssl.EC);
    Files.copy(
        openssl.path("other.key"), openssl.path("hub.key"), StandardCopyOption.REPLACE_EXISTING);

    assertThatThrownBy(server::reload)
        .isInstanceOf(TlsFileException.class)
        .hasMessageStartingWith(openssl.path("hub.crt") + ": its first certificate is not that of");
    Files.delete(openssl.path("hub.crt"));
    assertThatThrownBy(server::reload)
        .isInstanceOf(TlsFileException.class)
        .hasMessage(openssl.path("hub.crt") + ": no such file");

    assertThat(shown(server)).isEqualTo(before);
    assertThat(connect(server, "TLSv1.3", null).succeeded()).isTrue();
  }

  @Test
  void noticesByItselfThatItsFilesWereReplacedOnceNobodyTouchesThem() throws Exception {
    ServerTls server = server(SslProvider.OPENSSL);
    assertThat(server.refresh()).isFalse();
    assertThat(server.refresh()).isFalse();

    openssl.key("hub", Openssl.EC);
    assertThat(server.refresh()).as("the key alone").isFalse();
    openssl.selfSigned("hub", "DNS:hub.example");
    assertThat(server.refresh()).as("just touched").isFalse();
    assertThat(server.refresh()).isTrue();
    assertThat(shown(server)).isEqualTo(inFile("hub.crt"));
    assertThat(server.refresh()).isFalse();
  }

  @Test
  void complainsOfABrokenFileOnceAndTakesTheNextGoodOne() throws Exception {
    ServerTls server = server(SslProvider.OPENSSL);
    X509Certificate before = shown(server);
    Files.delete(openssl.path("hub.crt"));

    assertThat(server.refresh()).isFalse();
    assertThatThrownBy(server::refresh).isInstanceOf(TlsFileException.class);
    assertThat(server.refresh()).isFalse();
    assertThat(shown(server)).isEqualTo(before);

    openssl.selfSigned("hub", "DNS:hub.example");
    assertThat(server.refresh()).isFalse();
    assertThat(server.refresh()).isTrue();
    assertThat(shown(server)).isEqualTo(inFile("hub.crt"));
  }

  @Test
  void givesUpOnAPeerThatDoesNotFinishTheHandshake() throws Exception {
    var handler = server(SslProvider.OPENSSL).newHandler(UnpooledByteBufAllocator.DEFAULT);
    EmbeddedChannel link = new EmbeddedChannel();
    link.freezeTime();
    link.pipeline().addLast(handler);

    link.advanceTimeBy(9_999, TimeUnit.MILLISECONDS);
    link.runScheduledPendingTasks();
    assertThat(link.isOpen()).isTrue();

    link.advanceTimeBy(1, TimeUnit.MILLISECONDS);
    link.runScheduledPendingTasks();
    assertThat(link.isOpen()).isFalse();
    assertThat(handler.handshakeFuture().cause()).isInstanceOf(SslHandshakeTimeoutException.class);
    link.releaseOutbound();
  }

  @Test
  void warnsOfACertificateThatClientsWillRefuse() throws Exception {
    assertThat(warningsAt(Duration.ZERO)).isEmpty();
    assertThat(warningsAt(Duration.ofDays(366)))
        .singleElement()
        .asString()
        .startsWith(openssl.path("hub.crt") + ": the certificate expired at ");
    assertThat(warningsAt(Duration.ofDays(-1)))
        .singleElement()
        .asString()
        .startsWith(openssl.path("hub.crt") + ": the certificate is valid only from ");

    openssl.selfSigned("hub", "");
    assertThat(warningsAt(Duration.ZERO))
        .containsExactly(
            openssl.path("hub.crt") + ": the certificate has no subjectAltName: clients refuse it");
  }

  private List<String> warningsAt(Duration offset) throws TlsFileException {
    Logger logger = (Logger) LoggerFactory.getLogger(ServerTls.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    try {
      new ServerTls(settings(), Passphrase.NONE, InstantSource.offset(NOW, offset)).provider();
    } finally {
      logger.detachAppender(lines);
    }
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private ServerTls server(SslProvider preferred) throws TlsFileException {
    return new ServerTls(settings(), Passphrase.NONE, NOW, preferred);
  }

  private ServerTlsSettings settings() {
    return new ServerTlsSettings(openssl.path("hub.key"), openssl.path("hub.crt"));
  }

  private X509Certificate inFile(String name) throws TlsFileException {
    return PemFile.read(openssl.path(name)).certificates().getFirst();
  }

  private static X509Certificate shown(ServerTls server) throws Exception {
    Handshake handshake = connect(server, "TLSv1.3", null);
    return (X509Certificate) handshake.client.engine().getSession().getPeerCertificates()[0];
  }

  private static Handshake connect(ServerTls server, String version, @Nullable String suite)
      throws Exception {
    return connect(server, version, suite, SslProvider.JDK);
  }

  private static Handshake connect(
      ServerTls server, String version, @Nullable String suite, SslProvider provider)
      throws Exception {
    var context =
        SslContextBuilder.forClient()
            .sslProvider(provider)
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .endpointIdentificationAlgorithm(null)
            .protocols(version)
            .ciphers(suite == null ? null : List.of(suite))
            .build();
    return new Handshake(
        context.newHandler(UnpooledByteBufAllocator.DEFAULT),
        server.newHandler(UnpooledByteBufAllocator.DEFAULT));
  }
}
