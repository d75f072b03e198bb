package etherws.tunnel;

import static etherws.testing.Frames.ALICE;
import static etherws.testing.Frames.BOB;
import static etherws.testing.Frames.octets;
import static etherws.tunnel.RawPeer.BINARY;
import static etherws.tunnel.RawPeer.FIN;
import static etherws.tunnel.RawPeer.PING;
import static etherws.tunnel.RawPeer.unmasked;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Certificates;
import etherws.tls.Passphrase;
import etherws.tls.ServerTls;
import etherws.tls.ServerTlsSettings;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.InstantSource;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients from etherws 0.6 on wait for the socket before each message and do not see what their TLS
 * engine already holds. As for them, one read of Java's SSLSocket brings one TLS record at most.
 */
class OldEtherwsTlsTest {
  private static final byte[] FRAME = octets(BOB, ALICE, 1514);
  private static final byte[] MESSAGE = unmasked(FIN | BINARY, FRAME);

  @TempDir private static Path folder;
  private static SSLContext context;

  @BeforeAll
  static void makeCertificate() throws Exception {
    Certificates.make(folder, "EC SEC1", "IP:127.0.0.1");
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null);
    try (InputStream in = Files.newInputStream(folder.resolve("ssl.crt"))) {
      trusted.setCertificateEntry(
          "hub", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 40})
  void oldEtherwsGetsEachMessageInARecordOfItsOwn(int frames) throws Exception {
    try (LocalHub hub = hub();
        RawPeer peer = join(hub, Requests.OLD_ETHERWS)) {
      byte[][] burst = new byte[frames][];
      Arrays.fill(burst, FRAME);
      hub.receive(burst);

      for (int i = 0; i < frames; i++) {
        assertThat(peer.read()).isEqualTo(MESSAGE);
      }
    }
  }

  @Test
  void othersGetTheMessagesOfOneWakeUpInOneRecord() throws Exception {
    try (LocalHub hub = hub();
        RawPeer peer = join(hub, Requests.BROWSER.replace("http:", "https:"))) {
      hub.receive(FRAME, FRAME, FRAME);

      assertThat(peer.read())
          .isEqualTo(ByteBufUtil.getBytes(Unpooled.wrappedBuffer(MESSAGE, MESSAGE, MESSAGE)));
    }
  }

  private static LocalHub hub() throws Exception {
    ServerTlsSettings settings =
        new ServerTlsSettings(folder.resolve("ssl.key"), folder.resolve("ssl.crt"));
    return new LocalHub(
        "/", new ServerTls(settings, Passphrase.NONE, InstantSource.system()), null);
  }

  /** Comes in; the first ping, too, is alone in its record. */
  private static RawPeer join(LocalHub hub, String request) throws Exception {
    Socket socket =
        context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), hub.portNumber());
    RawPeer peer = new RawPeer(socket).say(request);
    assertThat(peer.head()).startsWith("HTTP/1.1 101 ");
    assertThat(peer.read()).isEqualTo(unmasked(FIN | PING, new byte[0]));
    return peer;
  }
}
