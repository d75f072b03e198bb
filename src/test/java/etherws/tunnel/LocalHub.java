package etherws.tunnel;

import etherws.auth.Authenticator;
import etherws.auth.Identity;
import etherws.bridge.Attachment;
import etherws.bridge.Bridge;
import etherws.bridge.BridgeSettings;
import etherws.bridge.Port;
import etherws.bridge.PortPolicy;
import etherws.metrics.PortCounters;
import etherws.metrics.RefusalCounters;
import etherws.testing.Frames;
import etherws.testing.RecordingPort;
import etherws.tls.ServerTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A hub on loopback, on one event loop, with one more port in its bridge. */
final class LocalHub implements AutoCloseable {
  final RecordingPort port = new RecordingPort("port");
  private final Bridge bridge = new Bridge(BridgeSettings.DEFAULTS, System::nanoTime);
  private final Attachment attachment = bridge.attach(port, PortPolicy.LOCAL);
  private volatile PeerNetwork network = new PeerNetwork("lab", bridge, 0);
  final RefusalCounters refusals = new RefusalCounters();
  private final String path;
  private final Transport transport = new Transport(1, Congestion.choose(null));
  private final Hub hub;

  LocalHub(String path, @Nullable ServerTls tls, @Nullable Authenticator authenticator)
      throws IOException {
    this(path, tls, authenticator, TrustedProxies.NONE);
  }

  LocalHub(
      String path,
      @Nullable ServerTls tls,
      @Nullable Authenticator authenticator,
      TrustedProxies proxies)
      throws IOException {
    this.path = path.replaceFirst("/$", "");
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    hub =
        new Hub(
            new HubSettings(List.of(anyPort), Set.of("https://friend.example"), proxies),
            transport,
            this::admit,
            tls,
            () -> authenticator,
            refusals,
            System::nanoTime);
    hub.start();
  }

  private Reception.Admission admit(String path, @Nullable Identity who) {
    return path.equals(this.path)
        ? new Reception.Admission.Granted(network, PortPolicy.LOCAL)
        : new Reception.Admission.NoSuchNetwork();
  }

  void maxPeers(int most) {
    network.maxPeers(most);
  }

  void allow(String origin) {
    hub.allow(Set.of(origin));
  }

  int portNumber() {
    return hub.addresses().getFirst().getPort();
  }

  RawPeer dial() throws IOException {
    return RawPeer.dial(portNumber());
  }

  /** The network is another one from now on, and its peers are looked at again. */
  void rebuild() {
    network = new PeerNetwork("lab", bridge, 0);
    hub.recheck();
  }

  /** Frames come in by {@link #port}, all in one wake-up of the loop. Returns when they are out. */
  void receive(byte[]... frames) throws Exception {
    transport
        .loops()
        .next()
        .submit(() -> {
          for (byte[] frame : frames) {
            attachment.receive(Frames.view(frame));
          }
        })
        .get();
  }

  /** The counters of the only peer. */
  PortCounters peer() throws Exception {
    return peerPort().counters();
  }

  /** The only peer. */
  Port peerPort() throws Exception {
    receive(); // what the loop has begun, it has ended now
    List<Port> peers = bridge.ports().stream().filter(p -> p != port).toList();
    if (peers.size() != 1) {
      throw new AssertionError(peers.size() + " peers");
    }
    return peers.getFirst();
  }

  @Override
  public void close() {
    hub.stop();
    transport.loops().shutdownGracefully();
  }
}
