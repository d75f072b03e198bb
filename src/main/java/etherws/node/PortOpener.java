package etherws.node;

import etherws.bridge.Attachment;
import etherws.bridge.Bridge;
import etherws.bridge.PortPolicy;
import etherws.control.PortStatus;
import etherws.netdev.NetdevPort;
import etherws.netdev.NetdevSettings;
import etherws.netdev.PacketSocket;
import etherws.node.NetworkSettings.Attached;
import etherws.node.NetworkSettings.Uplink;
import etherws.stream.StreamConnector;
import etherws.stream.StreamListener;
import etherws.stream.StreamSettings;
import etherws.tap.Hook;
import etherws.tap.TapSettings;
import etherws.tls.ClientTls;
import etherws.tls.ClientTlsSettings;
import etherws.tls.TlsFileException;
import etherws.tunnel.Proxy;
import etherws.tunnel.Route;
import etherws.tunnel.Spoke;
import etherws.tunnel.Target;
import etherws.tunnel.Transport;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes ports of what networks name: the only place that knows every kind. Its calls block. */
final class PortOpener {
  private static final Logger log = LoggerFactory.getLogger(PortOpener.class);
  private static final int CLOSE_SECONDS = 2;
  private static final Duration DOWN_AT_THE_END = Duration.ofSeconds(2);

  private final Transport transport;
  private final SecureRandom random;
  private final Consumer<String> broken;
  private volatile Duration downLimit = Hook.LIMIT;

  /**
   * @param broken told when a device has gone that the node can't go on without
   */
  PortOpener(Transport transport, SecureRandom random, Consumer<String> broken) {
    this.transport = transport;
    this.random = random;
    this.broken = broken;
  }

  /** The node ends: down commands have less time. */
  void hurry() {
    downLimit = DOWN_AT_THE_END;
  }

  /** Reads what an uplink needs to verify its hubs, and opens nothing. */
  void check(Uplink uplink) throws TlsFileException {
    targets(uplink);
  }

  private static List<Target> targets(Uplink uplink) throws TlsFileException {
    List<Target> targets = new ArrayList<>();
    targets.add(target(uplink));
    for (Uplink other : uplink.others()) {
      targets.add(target(other));
    }
    return targets;
  }

  private static Target target(Uplink uplink) throws TlsFileException {
    ClientTlsSettings settings = uplink.tls();
    ClientTls tls = settings == null ? null : new ClientTls(settings, InstantSource.system());
    return new Target(uplink.settings(), tls, trust(uplink.settings().route()));
  }

  /** The proxies that want TLS. */
  private static Map<Proxy, ClientTls> trust(Route route) throws TlsFileException {
    Map<Proxy, ClientTls> trusted = new HashMap<>();
    for (Proxy proxy : route.proxies().all()) {
      if (proxy.kind() == Proxy.Kind.HTTPS) {
        ClientTlsSettings settings =
            new ClientTlsSettings(proxy.host(), proxy.port(), route.cacerts(), false);
        trusted.put(proxy, new ClientTls(settings, InstantSource.system()));
      }
    }
    return Map.copyOf(trusted);
  }

  /** Opens one, in {@code bridge}; on failure nothing stays behind. */
  Running open(String network, Bridge bridge, Attached<?> port) throws Exception {
    return switch (port.settings()) {
      case TapSettings tap -> tap(network, bridge, tap, port.policy());
      case NetdevSettings netdev -> netdev(bridge, netdev, port.policy());
      case StreamSettings stream when stream.listen() -> listener(bridge, stream, port.policy());
      case StreamSettings stream -> connector(bridge, stream, port.policy());
      case Uplink uplink -> uplink(bridge, uplink, port.policy());
      default -> throw new IllegalStateException("no kind of port: " + port.settings());
    };
  }

  private Running tap(String network, Bridge bridge, TapSettings settings, PortPolicy policy)
      throws IOException {
    return RunningTap.open(
        network, bridge, settings, policy, transport.loopList(), () -> downLimit, broken);
  }

  private Running netdev(Bridge bridge, NetdevSettings settings, PortPolicy policy) {
    PacketSocket socket = PacketSocket.open(settings);
    NetdevPort port =
        new NetdevPort(
            socket,
            bridge,
            policy,
            transport.loops().next(),
            gone -> broken.accept(settings.device() + " is gone (" + gone.getMessage() + ")"));
    try {
      port.start().toCompletableFuture().join();
    } catch (RuntimeException e) {
      closed(port.close());
      throw e;
    }
    log.info("{} has joined", settings.device());
    return new RunningNetdev(port);
  }

  private Running listener(Bridge bridge, StreamSettings settings, PortPolicy policy)
      throws IOException {
    StreamListener listener = new StreamListener(settings, transport.loops(), bridge, policy);
    listener.start();
    return new RunningListener(listener);
  }

  private Running connector(Bridge bridge, StreamSettings settings, PortPolicy policy) {
    StreamConnector connector =
        new StreamConnector(
            settings, transport.loops().next(), bridge, policy, System::nanoTime, random);
    connector.start();
    return new RunningConnector(connector);
  }

  private Running uplink(Bridge bridge, Uplink uplink, PortPolicy policy) throws Exception {
    List<Target> targets = targets(uplink);
    ClientTls tls = targets.getFirst().tls();
    if (tls != null) {
      log.debug("TLS by {}, sockets by {}", tls.provider(), Transport.name());
    }
    EventLoop loop = transport.loops().next();
    Spoke spoke = new Spoke(targets, transport, loop, bridge, policy, System::nanoTime, random);
    return new RunningSpoke(spoke, spoke.start());
  }

  static void closed(CompletionStage<Void> closing) {
    closing.toCompletableFuture().orTimeout(CLOSE_SECONDS, TimeUnit.SECONDS).join();
  }

  private record RunningNetdev(NetdevPort port) implements Running {
    @Override
    public PortStatus.Type type() {
      return PortStatus.Type.NETDEV;
    }

    @Override
    public List<Attachment> attachments() {
      return List.of(port.attachment());
    }

    @Override
    public void close() {
      closed(port.close());
    }
  }

  private record RunningListener(StreamListener listener) implements Running {
    @Override
    public PortStatus.Type type() {
      return PortStatus.Type.STREAM;
    }

    @Override
    public List<Attachment> attachments() {
      return listener.attachments();
    }

    @Override
    public void policy(PortPolicy policy) {
      listener.policy(policy);
    }

    @Override
    public void close() {
      listener.stop();
    }
  }

  private record RunningConnector(StreamConnector connector) implements Running {
    @Override
    public PortStatus.Type type() {
      return PortStatus.Type.STREAM;
    }

    @Override
    public List<Attachment> attachments() {
      return List.of(connector.attachment());
    }

    @Override
    public boolean isConnected() {
      return connector.isUp();
    }

    @Override
    public void close() {
      closed(connector.stop());
    }
  }

  private record RunningSpoke(Spoke spoke, CompletableFuture<Void> up) implements Running {
    @Override
    public PortStatus.Type type() {
      return PortStatus.Type.UPLINK;
    }

    @Override
    public List<Attachment> attachments() {
      return List.of(spoke.attachment());
    }

    @Override
    public boolean isConnected() {
      return spoke.isUp();
    }

    @Override
    public void networkChanged() {
      spoke.networkChanged();
    }

    @Override
    public void close() {
      spoke.stop().join();
    }
  }
}
