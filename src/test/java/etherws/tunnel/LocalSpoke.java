package etherws.tunnel;

import etherws.bridge.Attachment;
import etherws.bridge.Bridge;
import etherws.bridge.BridgeSettings;
import etherws.bridge.Port;
import etherws.bridge.PortPolicy;
import etherws.metrics.PortCounters;
import etherws.testing.Frames;
import etherws.testing.RecordingPort;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A spoke on loopback, on one event loop, with one more port in its bridge. */
final class LocalSpoke implements AutoCloseable {
  final RecordingPort port = new RecordingPort("port");
  private final Bridge bridge = new Bridge(BridgeSettings.DEFAULTS, System::nanoTime);
  private final Attachment attachment = bridge.attach(port, PortPolicy.LOCAL);
  private final Transport transport = new Transport(1, Congestion.choose(null));
  private final Spoke spoke;

  LocalSpoke(String uri, @Nullable String user, @Nullable String password, boolean retry) {
    this(new SpokeSettings(TunnelUri.parse(uri), user, password, retry, false));
  }

  /** One that may dial several hubs. */
  static LocalSpoke of(String... uris) {
    return new LocalSpoke(
        Stream.of(uris)
            .map(uri -> new SpokeSettings(TunnelUri.parse(uri), null, null, false, false))
            .map(settings -> new Target(settings, null, Map.of()))
            .toList());
  }

  /** One that offers no sub-protocol. */
  static LocalSpoke plain(String uri) {
    return new LocalSpoke(new SpokeSettings(TunnelUri.parse(uri), null, null, false, true));
  }

  /** One that takes a certain way. */
  static LocalSpoke by(Route route, String uri) {
    return new LocalSpoke(new SpokeSettings(TunnelUri.parse(uri), null, null, false, false, route));
  }

  private LocalSpoke(SpokeSettings settings) {
    this(List.of(new Target(settings, null, Map.of())));
  }

  private LocalSpoke(List<Target> targets) {
    spoke =
        new Spoke(
            targets,
            transport,
            transport.loops().next(),
            bridge,
            PortPolicy.LOCAL,
            System::nanoTime,
            new SecureRandom());
  }

  CompletableFuture<Void> start() {
    return spoke.start();
  }

  void networkChanged() {
    spoke.networkChanged();
  }

  CompletableFuture<Void> stop() {
    return spoke.stop();
  }

  /** A frame comes in by {@link #port}. */
  void receive(byte[] frame) throws Exception {
    transport.loops().next().submit(() -> attachment.receive(Frames.view(frame))).get();
  }

  /** The counters of the tunnel's port. */
  PortCounters tunnel() {
    Port tunnel = bridge.ports().stream().filter(p -> p != port).findFirst().orElseThrow();
    return tunnel.counters();
  }

  @Override
  public void close() {
    spoke.stop().join();
    transport.loops().shutdownGracefully();
  }
}
