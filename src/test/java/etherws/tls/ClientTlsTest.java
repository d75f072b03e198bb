package etherws.tls;

import static etherws.tls.TlsFailure.Reason.NOT_TLS;
import static etherws.tls.TlsFailure.Reason.NO_ANSWER;
import static etherws.tls.TlsFailure.Reason.OLD_TLS;
import static etherws.tls.TlsFailure.Reason.REFUSED;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is the client's own, with both engines; who is believed is in {@link HandshakeTest}. */
@ParameterizedClass
@EnumSource(
    value = SslProvider.class,
    names = {"OPENSSL", "JDK"})
@Execution(ExecutionMode.CONCURRENT)
class ClientTlsTest {
  private static final InstantSource NOW = InstantSource.system();

  private final SslProvider provider;
  private Openssl openssl;

  ClientTlsTest(SslProvider provider) {
    this.provider = provider;
  }

  @BeforeEach
  void makeKeyAndCertificate(@TempDir Path directory) throws Exception {
    openssl = new Openssl(directory);
    openssl.key("hub", Openssl.EC);
    openssl.selfSigned("hub", "DNS:hub.example");
  }

  @ParameterizedTest
  @CsvSource({
    "hub.example, hub.example",
    "hub.example., hub.example",
    "HUB.example, HUB.example",
    "hub, hub",
    "hüb.example, xn--hb-xka.example"
  })
  void tellsTheServerTheNameItDials(String host, String name) throws Exception {
    assertThat(namesSentFor(host)).containsExactly(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1", "[2001:db8::1]", "2001:db8::1", "a..b", "my_hub"})
  void sendsNothingThatIsNoName(String host) throws Exception {
    assertThat(namesSentFor(host)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RSA",
        "EC -pkeyopt ec_paramgen_curve:P-256",
        "EC -pkeyopt ec_paramgen_curve:P-384",
        "EC -pkeyopt ec_paramgen_curve:P-521",
        "ED25519",
        "ED448",
        "RSA-PSS"
      })
  void reachesAServerWithAnyKindOfKeyAtTheSecondTry(String algorithm) throws Exception {
    openssl.key("hub", algorithm);
    openssl.selfSigned("hub", "DNS:hub.example");
    ServerTls server = server(SslProvider.OPENSSL);
    ClientTls client = client("hub.example");

    Handshake first = meet(client, server.newHandler(UnpooledByteBufAllocator.DEFAULT));
    if (!first.succeeded()) {
      assertThat(provider).isEqualTo(SslProvider.OPENSSL);
      assertThat(first.received).isEmpty();
      assertThat(client.fallBack(requireNonNull(first.clientFailure()))).isTrue();
      assertThat(client.provider()).isEqualTo("JDK");
      assertThat(client.fallBack(requireNonNull(first.clientFailure()))).isFalse();
      Handshake second = meet(client, server.newHandler(UnpooledByteBufAllocator.DEFAULT));
      assertThat(second.clientFailure()).isNull();
      assertThat(second.succeeded()).isTrue();
    }
  }

  @Test
  void explainsAServerThatHasOldTlsOnly() throws Exception {
    explains(
        meet(client("hub.example"), old("TLSv1.1", null)).client,
        OLD_TLS,
        "hub.example port 443 has neither TLS 1.3 nor 1.2");
  }

  @Test
  void explainsAServerWithoutACommonCipherSuite() throws Exception {
    explains(
        meet(client("hub.example"), old("TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA")).client,
        REFUSED,
        "hub.example port 443 refused the TLS handshake: no cipher suite or signature in common");
  }

  @Test
  void explainsAServerThatDoesNotSpeakTls() throws Exception {
    SslHandler handler = client("hub.example").newHandler(UnpooledByteBufAllocator.DEFAULT);
    EmbeddedChannel link = new EmbeddedChannel(handler);

    assertThatThrownBy(() ->
            link.writeInbound(Unpooled.copiedBuffer("HTTP/1.1 400 Bad Request\r\n\r\n", US_ASCII)))
        .isNotNull();

    explains(handler, NOT_TLS, "hub.example port 443 does not speak TLS: use ws: instead of wss:");
    link.close().syncUninterruptibly();
    link.releaseOutbound();
  }

  @Test
  void explainsAServerThatHangsUp() throws Exception {
    SslHandler handler = client("hub.example").newHandler(UnpooledByteBufAllocator.DEFAULT);
    EmbeddedChannel link = new EmbeddedChannel(handler);

    link.unsafe().close(link.voidPromise());
    link.runPendingTasks();

    explains(handler, NO_ANSWER, "hub.example port 443 hung up during the TLS handshake");
    link.releaseOutbound();
  }

  @Test
  void explainsAConnectionThatIsReset() throws Exception {
    SslHandler handler = client("hub.example").newHandler(UnpooledByteBufAllocator.DEFAULT);
    EmbeddedChannel link = new EmbeddedChannel(handler);

    link.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
    link.unsafe().close(link.voidPromise());
    link.runPendingTasks();

    explains(handler, NO_ANSWER, "hub.example port 443 hung up during the TLS handshake");
    link.releaseOutbound();
    assertThat(client("hub.example").explain(new IOException("Connection reset by peer")).reason())
        .isEqualTo(NO_ANSWER);
  }

  @Test
  void explainsAServerThatSaysNothing() throws Exception {
    SslHandler handler = client("hub.example").newHandler(UnpooledByteBufAllocator.DEFAULT);
    EmbeddedChannel link = new EmbeddedChannel();
    link.freezeTime();
    link.pipeline().addLast(handler);

    link.advanceTimeBy(10, TimeUnit.SECONDS);
    link.runScheduledPendingTasks();

    explains(handler, NO_ANSWER, "hub.example port 443 did not finish the TLS handshake in time");
    assertThat(link.isOpen()).isFalse();
    link.releaseOutbound();
  }

  @Test
  void saysWhatIsWrongWithTheFileOfCas() {
    assertThatThrownBy(() ->
            new ClientTls(
                new ClientTlsSettings("h", 443, openssl.path("hub.key"), false), NOW, provider))
        .isInstanceOf(TlsFileException.class)
        .hasMessageStartingWith(openssl.path("hub.key") + ": no certificate in it");
  }

  @Test
  void trustsTheSystemsCasAndTheJdksInTheirPlace() throws Exception {
    if (Files.exists(Path.of("/etc/ssl/certs/ca-certificates.crt"))) {
      String bundle = Files.readString(Path.of("/etc/ssl/certs/ca-certificates.crt"));
      assertThat(TrustedCas.ofSystem()).hasSize(bundle.split("BEGIN CERT", -1).length - 1);
    }
    assertThat(TrustedCas.ofJdk()).isNotEmpty();
  }

  private void explains(SslHandler handler, TlsFailure.Reason reason, String start)
      throws Exception {
    Throwable cause = requireNonNull(handler.handshakeFuture().cause());
    TlsFailure failure = client("hub.example").explain(cause);
    assertThat(failure.text()).startsWith(start).doesNotContain("\n");
    assertThat(failure.reason()).isEqualTo(reason);
  }

  private List<String> namesSentFor(String host) throws Exception {
    SslHandler server = server(SslProvider.JDK).newHandler(UnpooledByteBufAllocator.DEFAULT);
    ClientTlsSettings settings = new ClientTlsSettings(host, 443, null, true);
    Handshake handshake = meet(new ClientTls(settings, NOW, provider), server);
    assertThat(handshake.succeeded()).isTrue();
    return ((ExtendedSSLSession) server.engine().getSession())
        .getRequestedServerNames().stream()
            .map(name -> ((SNIHostName) name).getAsciiName())
            .toList();
  }

  /** A server that offers one old version or suite alone. */
  private SslHandler old(String version, @Nullable String suite) throws Exception {
    return SslContextBuilder.forServer(
            openssl.path("hub.crt").toFile(), openssl.path("hub.key").toFile())
        .sslProvider(SslProvider.OPENSSL)
        .protocols(version)
        .ciphers(suite == null ? null : List.of(suite))
        .build()
        .newHandler(UnpooledByteBufAllocator.DEFAULT);
  }

  private ClientTls client(String host) throws TlsFileException {
    return new ClientTls(
        new ClientTlsSettings(host, 443, openssl.path("hub.crt"), false), NOW, provider);
  }

  private ServerTls server(SslProvider preferred) throws TlsFileException {
    return new ServerTls(
        new ServerTlsSettings(openssl.path("hub.key"), openssl.path("hub.crt")),
        Passphrase.NONE,
        NOW,
        preferred);
  }

  private static Handshake meet(ClientTls client, SslHandler server) {
    return new Handshake(client.newHandler(UnpooledByteBufAllocator.DEFAULT), server);
  }
}
