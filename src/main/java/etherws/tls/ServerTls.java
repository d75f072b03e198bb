package etherws.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TLS for a listener: its key and certificate, and a handler for each link that comes in. */
public final class ServerTls {
  /*
   * The context is immutable and replaced as a whole: links read it from their event loops, reload
   * writes it. Links that stand keep the context they began with.
   */
  private static final Logger log = LoggerFactory.getLogger(ServerTls.class);

  /** Netty passes the key in a key store; other types encrypt it at length, for nobody. */
  private static final String PLAIN_KEY_STORE = "JKS";

  private final ServerTlsSettings settings;
  private final Passphrase passphrase;
  private final InstantSource clock;
  private final SslProvider preferred;
  private volatile Loaded loaded;
  private List<Stamp> read = List.of();
  private List<Stamp> seen = List.of();

  /** Reads the files; the passphrase is asked here, and only for an encrypted key. */
  public ServerTls(ServerTlsSettings settings, Passphrase passphrase, InstantSource clock)
      throws TlsFileException {
    this(settings, passphrase, clock, TlsProfile.fastest());
  }

  ServerTls(
      ServerTlsSettings settings, Passphrase passphrase, InstantSource clock, SslProvider preferred)
      throws TlsFileException {
    this.settings = settings;
    this.passphrase = passphrase;
    this.clock = clock;
    this.preferred = preferred;
    this.loaded = load();
  }

  /** The engine in use: {@code BoringSSL}, or {@code JDK} where that can't sign with the key. */
  public String provider() {
    return TlsProfile.name(loaded.provider);
  }

  /**
   * Reads the files again, for links to come. Blocks on the files and perhaps on the passphrase. If
   * they can't be used it throws, and the key and certificate from before stay.
   */
  public synchronized void reload() throws TlsFileException {
    loaded = load();
  }

  /**
   * Reads the files again if they have changed since they were read last, well or badly, and have
   * been left alone since the last look: a key and its certificate are rarely replaced at one
   * stroke. To be called about once a second; throws as {@link #reload}.
   *
   * @return whether links to come are shown something new
   */
  public synchronized boolean refresh() throws TlsFileException {
    List<Stamp> now = stamps();
    boolean settled = now.equals(seen);
    seen = now;
    if (!settled || now.equals(read)) {
      return false;
    }
    loaded = load();
    return true;
  }

  private List<Stamp> stamps() {
    Path clientCa = settings.clientCa();
    Path last = clientCa == null ? settings.certFile() : clientCa;
    return List.of(Stamp.of(settings.keyFile()), Stamp.of(settings.certFile()), Stamp.of(last));
  }

  /** Whether every peer has to prove by a certificate who it is. */
  public boolean asksForCertificates() {
    return settings.clientCa() != null;
  }

  /**
   * The user whom the peer's certificate names: its first e-mail address or DNS name
   * (subjectAltName), else its CN; null if it names nobody. After the handshake, if {@link
   * #asksForCertificates}.
   */
  public static @Nullable String userOf(SslHandler handler) {
    try {
      Certificate own = handler.engine().getSession().getPeerCertificates()[0];
      return own instanceof X509Certificate x509 ? CertificateNames.user(x509) : null;
    } catch (SSLPeerUnverifiedException e) {
      return null;
    }
  }

  /** What handlers are made of now; a reload replaces it. */
  public SslContext context() {
    return loaded.context;
  }

  /** A handler for one link that came in; it gives up after the handshake time-out. */
  public SslHandler newHandler(ByteBufAllocator allocator) {
    Loaded current = loaded;
    SslHandler handler = current.context.newHandler(allocator);
    handler.setHandshakeTimeout(settings.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS);
    if (current.provider == SslProvider.JDK) {
      refuseRenegotiation(handler);
    }
    return handler;
  }

  /**
   * The JDK lets a TLS 1.2 client renegotiate as often as it likes, unless a property of the whole
   * JVM forbids it. An engine that has TLS 1.3 alone, once its handshake is over, finds no version
   * for a second one. BoringSSL never renegotiates.
   */
  private static void refuseRenegotiation(SslHandler handler) {
    handler
        .handshakeFuture()
        .addListener(
            done -> handler.engine().setEnabledProtocols(new String[] {TlsProfile.TLS_1_3}));
  }

  /** The stamps are those of before: a change meanwhile is a change at the next look. */
  private Loaded load() throws TlsFileException {
    read = stamps();
    KeyAndChain pair = KeyAndChain.read(settings.keyFile(), settings.certFile(), passphrase);
    SslProvider provider = providerFor(pair);
    try {
      SslContextBuilder builder =
          SslContextBuilder.forServer(pair.key(), pair.chain()).keyStoreType(PLAIN_KEY_STORE);
      Path clientCa = settings.clientCa();
      if (clientCa == null) {
        builder.trustManager(Trust.inNobody());
      } else {
        builder.trustManager(ClientVerifier.trust(clientCa, clock)).clientAuth(ClientAuth.REQUIRE);
      }
      SslContext context = TlsProfile.apply(builder, provider).build();
      warn(settings.certFile(), pair.own());
      return new Loaded(context, provider);
    } catch (SSLException | IllegalArgumentException e) {
      String what = TlsProfile.name(provider) + " cannot use it: " + e.getMessage();
      throw new TlsFileException(settings.certFile(), what, e);
    }
  }

  /** BoringSSL signs with RSA and EC keys alone. */
  private SslProvider providerFor(KeyAndChain pair) {
    return switch (pair.key().getAlgorithm()) {
      case "RSA", "EC" -> preferred;
      default -> SslProvider.JDK;
    };
  }

  /** Says what peers that verify will refuse; a tunnel of --insecure peers may still want it. */
  private void warn(Path file, X509Certificate certificate) {
    Instant now = clock.instant();
    Instant end = certificate.getNotAfter().toInstant();
    Instant begin = certificate.getNotBefore().toInstant();
    if (now.isAfter(end)) {
      log.warn("{}: the certificate expired at {}: renew it, clients refuse it", file, end);
    } else if (now.isBefore(begin)) {
      log.warn("{}: the certificate is valid only from {}: clients refuse it", file, begin);
    }
    if (CertificateNames.of(certificate).isEmpty()) {
      log.warn("{}: the certificate has no subjectAltName: clients refuse it", file);
    }
  }

  private record Loaded(SslContext context, SslProvider provider) {}
}
