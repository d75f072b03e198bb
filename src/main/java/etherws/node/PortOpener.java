package etherws.node;

import etherws.bridge.Attachment;
import etherws.bridge.Bridge;
import etherws.bridge.PortPolicy;
import etherws.node.NetworkSettings.Attached;
import etherws.node.NetworkSettings.Uplink;
import etherws.tap.TapDevice;
import etherws.tap.TapPort;
import etherws.tap.TapSettings;
import etherws.tls.ClientTls;
import etherws.tls.ClientTlsSettings;
import etherws.tunnel.Spoke;
import etherws.tunnel.Transport;
import io.netty.channel.IoEventLoop;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes ports of what networks name: the only place that knows every kind. Its calls block. */
final class PortOpener {
  private static final Logger log = LoggerFactory.getLogger(PortOpener.class);
  private static final int CLOSE_SECONDS = 1;

  private final Transport transport;
  private final SecureRandom random;
  private final Consumer<String> broken;

  /**
   * @param broken told when a port has gone that the node can't go on without
   */
  PortOpener(Transport transport, SecureRandom random, Consumer<String> broken) {
    this.transport = transport;
    this.random = random;
    this.broken = broken;
  }

  /** Opens one, in {@code bridge}; on failure nothing stays behind. */
  Running open(String network, Bridge bridge, Attached<?> port) throws Exception {
    return switch (port.settings()) {
      case TapSettings tap -> openTap(bridge, tap, port.policy());
      case Uplink uplink -> dial(bridge, uplink, port.policy());
      default -> throw new IllegalStateException("no such kind of port: " + port.settings());
    };
  }

  private Running openTap(Bridge bridge, TapSettings settings, PortPolicy policy) {
    List<IoEventLoop> loops = transport.loopList();
    TapDevice device = TapDevice.open(settings, loops.size());
    TapPort port =
        new TapPort(
            device,
            bridge,
            policy,
            loops,
            gone -> broken.accept(device.name() + " is gone (" + gone.getMessage() + ")"));
    port.start().toCompletableFuture().join();
    log.info("{} is up", device.name());
    return new RunningTap(port);
  }

  private Running dial(Bridge bridge, Uplink uplink, PortPolicy policy) throws Exception {
    ClientTlsSettings trust = uplink.tls();
    ClientTls tls = trust == null ? null : new ClientTls(trust, InstantSource.system());
    if (tls != null) {
      log.debug("TLS by {}, sockets by {}", tls.provider(), Transport.name());
    }
    Spoke spoke =
        new Spoke(
            uplink.settings(),
            transport,
            transport.loops().next(),
            bridge,
            policy,
            tls,
            System::nanoTime,
            random);
    return new RunningSpoke(spoke, spoke.start());
  }

  private record RunningTap(TapPort port) implements Running {
    @Override
    public String type() {
      return "tap";
    }

    @Override
    public List<Attachment> attachments() {
      return List.of(port.attachment());
    }

    @Override
    public void policy(PortPolicy policy) {
      port.attachment().policy(policy);
    }

    @Override
    public void close() {
      port.close().toCompletableFuture().orTimeout(CLOSE_SECONDS, TimeUnit.SECONDS).join();
    }
  }

  private record RunningSpoke(Spoke spoke, CompletableFuture<Void> up) implements Running {
    @Override
    public String type() {
      return "uplink";
    }

    @Override
    public List<Attachment> attachments() {
      return List.of(spoke.attachment());
    }

    @Override
    public void policy(PortPolicy policy) {
      spoke.attachment().policy(policy);
    }

    @Override
    public void close() {
      spoke.stop().join();
    }
  }
}
