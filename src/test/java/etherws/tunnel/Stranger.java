package etherws.tunnel;

import etherws.testing.Lab;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Somebody who connects and then takes his time. */
final class Stranger implements AutoCloseable {
  private static final Duration DRIP = Duration.ofMillis(250);
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final Socket socket;
  private final long since = System.nanoTime();

  private Stranger(Socket socket) {
    this.socket = socket;
  }

  static Stranger dial(int port) throws IOException {
    return new Stranger(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /** The same with the TLS handshake done. */
  static Stranger overTls(int port) throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustingAll()}, new SecureRandom());
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    socket.startHandshake();
    return new Stranger(socket);
  }

  Stranger say(byte[] octets) throws IOException {
    socket.getOutputStream().write(octets);
    return this;
  }

  /** Says octet after octet, with pauses; seconds until the other end has had enough. */
  double drip(byte[] octets) throws IOException {
    OutputStream out = socket.getOutputStream();
    InputStream in = socket.getInputStream();
    AtomicBoolean ended = new AtomicBoolean();
    Thread reader =
        Thread.ofPlatform()
            .start(() -> {
              try {
                while (in.read() >= 0) {
                  // an answer
                }
              } catch (IOException e) {
                // a reset is an end as well
              }
              ended.set(true);
            });
    long[] next = {System.nanoTime()};
    int[] said = {0};
    Lab.await(
        "the server ends it",
        PATIENCE,
        () -> {
          if (said[0] < octets.length && System.nanoTime() >= next[0]) {
            next[0] += DRIP.toNanos();
            try {
              out.write(octets[said[0]++]);
            } catch (IOException e) {
              return true;
            }
          }
          return ended.get();
        });
    double seconds = (System.nanoTime() - since) / 1e9;
    socket.close();
    reader.interrupt();
    return seconds;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static final class TrustingAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
