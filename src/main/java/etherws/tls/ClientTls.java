package etherws.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.NetUtil;
import java.net.IDN;
import java.nio.file.Path;
import java.security.cert.TrustAnchor;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** TLS for a dialler of one server: a handler for each link, and words for what went wrong. */
public final class ClientTls {
  /*
   * The server is verified inside the handshake, before the engine lets out any octet that was
   * written to it: the HTTP request with its Authorization never reaches a server that fails.
   *
   * BoringSSL verifies RSA signatures and those of P-256 and P-384. A server whose key is of
   * another kind ends the handshake with an alert that says no more; fallBack then moves this
   * client to the JDK's engine, which knows them all.
   */
  private final ClientTlsSettings settings;
  private final String host;
  private final Trust trust;
  private final @Nullable KeyAndChain own;
  private volatile Engine engine;

  /** Reads the CAs, the system's if the settings name none. */
  public ClientTls(ClientTlsSettings settings, InstantSource clock) throws TlsFileException {
    this(settings, clock, TlsProfile.fastest());
  }

  ClientTls(ClientTlsSettings settings, InstantSource clock, SslProvider provider)
      throws TlsFileException {
    this.settings = settings;
    this.host = bare(settings.host());
    this.trust = trust(settings, host, clock);
    this.own = own(settings);
    this.engine = Engine.of(provider, trust, own);
  }

  /** The engine in use: {@code BoringSSL} or {@code JDK}. */
  public String provider() {
    return TlsProfile.name(engine.provider);
  }

  /** A handler for one link to the server; it gives up after the handshake time-out. */
  public SslHandler newHandler(ByteBufAllocator allocator) {
    SslHandler handler = engine.context.newHandler(allocator, host, settings.port());
    SSLParameters parameters = handler.engine().getSSLParameters();
    parameters.setServerNames(serverNames());
    handler.engine().setSSLParameters(parameters);
    handler.setHandshakeTimeout(settings.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS);
    return handler;
  }

  /** Why a handshake of one of the handlers failed. */
  public TlsFailure explain(Throwable cause) {
    return HandshakeFailures.explain(cause, host + " port " + settings.port());
  }

  /**
   * After a failed handshake: true if this client has changed to an engine that the server may like
   * better, so that dialling again at once is worth it. True once at most.
   */
  public synchronized boolean fallBack(Throwable cause) {
    if (engine.provider == SslProvider.JDK || !HandshakeFailures.isNothingInCommon(cause)) {
      return false;
    }
    engine = Engine.of(SslProvider.JDK, trust, own);
    return true;
  }

  private static @Nullable KeyAndChain own(ClientTlsSettings settings) throws TlsFileException {
    Path key = settings.keyFile();
    Path cert = settings.certFile();
    return key == null || cert == null ? null : KeyAndChain.read(key, cert, Passphrase.NONE);
  }

  private static Trust trust(ClientTlsSettings settings, String host, InstantSource clock)
      throws TlsFileException {
    Trust.Question verified =
        settings.insecure() ? (chain, authType) -> {} : verifier(settings, host, clock);
    return Trust.inServers(
        settings.pins().isEmpty() ? verified : new PinVerifier(host, verified, settings.pins()));
  }

  private static ServerVerifier verifier(
      ClientTlsSettings settings, String host, InstantSource clock) throws TlsFileException {
    Path cacerts = settings.cacerts();
    Set<TrustAnchor> trusted = cacerts == null ? TrustedCas.ofSystem() : TrustedCas.in(cacerts);
    String howToTrust =
        cacerts == null
            ? "if it is the right one, give it or its CA with --cacerts"
            : "if it is the right one, add it or its CA to " + cacerts;
    return new ServerVerifier(host, trusted, howToTrust, clock);
  }

  /** The host as certificates have it: no brackets, no dot at the end, ASCII. */
  private static String bare(String host) {
    if (host.startsWith("[") && host.endsWith("]")) {
      return host.substring(1, host.length() - 1);
    }
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    try {
      return name.chars().allMatch(c -> c < 0x80) ? name : IDN.toASCII(name); // IDN loads slowly
    } catch (IllegalArgumentException e) {
      return name;
    }
  }

  /** What the server is told: a DNS name; nothing that TLS has no place for. */
  private List<SNIServerName> serverNames() {
    if (NetUtil.createByteArrayFromIpAddressString(host) != null) {
      return List.of();
    }
    try {
      return List.of(new SNIHostName(host));
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }

  private record Engine(SslContext context, SslProvider provider) {
    static Engine of(SslProvider provider, Trust trust, @Nullable KeyAndChain own) {
      try {
        SslContextBuilder builder =
            SslContextBuilder.forClient().trustManager(trust).endpointIdentificationAlgorithm(null);
        if (own != null) {
          builder.keyManager(own.key(), own.chain());
        }
        return new Engine(TlsProfile.apply(builder, provider).build(), provider);
      } catch (SSLException e) {
        throw new IllegalStateException("no TLS client by " + provider, e);
      }
    }
  }
}
