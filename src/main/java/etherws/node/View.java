package etherws.node;

import etherws.bridge.Attachment;
import etherws.bridge.PortState;
import etherws.control.ClientStatus;
import etherws.control.FdbEntry;
import etherws.control.NetworkStatus;
import etherws.control.NodeStatus;
import etherws.control.PolicySummary;
import etherws.control.PortStatus;
import etherws.control.Snapshots;
import etherws.frame.MacAddress;
import etherws.metrics.PortCounters;
import etherws.metrics.RefusalCounters;
import etherws.tunnel.Peer;
import io.netty.util.NetUtil;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the node looks like from outside. Any thread; reads, and changes nothing. */
final class View implements Snapshots {
  private static final double NANOS_PER_MILLI = 1e6;

  private final String name;
  private final String version;
  private final Supplier<Collection<Network>> networks;
  private final RefusalCounters refusals;
  private final Supplier<@Nullable String> unready;
  private final Instant started = Instant.now();

  /**
   * @param name of the configuration
   * @param refusals of all hubs
   * @param unready why the node can't do its work; null if it can
   */
  View(
      String name,
      String version,
      Supplier<Collection<Network>> networks,
      RefusalCounters refusals,
      Supplier<@Nullable String> unready) {
    this.name = name;
    this.version = version;
    this.networks = networks;
    this.refusals = refusals;
    this.unready = unready;
  }

  @Override
  public NodeStatus node() {
    return new NodeStatus(version, ProcessHandle.current().pid(), name, started, unready.get());
  }

  @Override
  public List<NetworkStatus> networks() {
    return networks.get().stream().map(View::status).toList();
  }

  private static NetworkStatus status(Network network) {
    NetworkSettings settings = network.settings();
    var fdb = network.bridge().fdb();
    return new NetworkStatus(
        settings.name(),
        settings.path(),
        network.bridge().attachments().size(),
        network.peers().peers().size(),
        settings.maxClients(),
        fdb.size(),
        settings.bridge().fdbSize(),
        settings.bridge().ageing().toSeconds(),
        fdb.stream().map(etherws.bridge.FdbEntry::vid).distinct().sorted().toList());
  }

  @Override
  public List<PortStatus> ports() {
    return allPorts().stream().map(View::status).toList();
  }

  private static PortStatus status(NetworkPort port) {
    Attachment attachment = port.attachment();
    PortCounters counters = attachment.port().counters();
    PortStatus.State state = PortStatus.State.UP;
    String reason = null;
    Instant until = null;
    switch (attachment.state()) {
      case PortState.Up _ when !port.connected() -> {
        state = PortStatus.State.DOWN;
        reason = "nothing is connected";
      }
      case PortState.Up _ -> {}
      case PortState.Standby _ when !port.connected() -> {
        state = PortStatus.State.DOWN;
        reason = "nothing is connected";
      }
      case PortState.Standby _ -> {
        state = PortStatus.State.STANDBY;
        reason = "another uplink of its group leads to the same network";
      }
      case PortState.Shut _ -> {
        state = PortStatus.State.SHUT;
        reason = "shut by the operator";
      }
      case PortState.Loop loop -> {
        state = PortStatus.State.LOOP;
        reason = loop.reason();
        until = instant(loop.untilNanos());
      }
    }
    return new PortStatus(
        port.network().settings().name(),
        attachment.number(),
        attachment.port().name(),
        port.type(),
        state,
        reason,
        until,
        PolicySummary.of(attachment.policy()),
        counters.ingressFrames(),
        counters.ingressOctets(),
        counters.egressFrames(),
        counters.egressOctets(),
        PortStatus.drops(counters),
        attachment.learned(),
        instant(attachment.sinceNanos()));
  }

  /** From the clock of frames to that of people. */
  private static Instant instant(long nanos) {
    return Instant.now().plusNanos(nanos - System.nanoTime());
  }

  @Override
  public List<ClientStatus> clients() {
    List<ClientStatus> clients = new ArrayList<>();
    for (NetworkPort port : allPorts()) {
      Peer peer = port.peer();
      if (peer != null) {
        clients.add(status(port, peer));
      }
    }
    return clients;
  }

  private static ClientStatus status(NetworkPort port, Peer peer) {
    return new ClientStatus(
        port.network().settings().name(),
        port.attachment().number(),
        peer.name(),
        peer.identity() == null ? null : peer.identity().name(),
        NetUtil.toSocketAddressString(peer.address()),
        peer.speaksV2() ? ClientStatus.Wire.V2 : ClientStatus.Wire.PLAIN,
        peer.tls(),
        instant(peer.sinceNanos()),
        millis(peer.rttNanos()),
        millis(peer.peerRttNanos()));
  }

  private static @Nullable Double millis(long nanos) {
    return nanos < 0 ? null : nanos / NANOS_PER_MILLI;
  }

  @Override
  public List<FdbEntry> fdb() {
    List<FdbEntry> entries = new ArrayList<>();
    for (Network network : networks.get()) {
      for (etherws.bridge.FdbEntry entry : network.bridge().fdb()) {
        entries.add(
            new FdbEntry(
                network.settings().name(),
                entry.vid(),
                MacAddress.format(entry.mac()),
                entry.port().number(),
                entry.port().port().name(),
                entry.ageSeconds()));
      }
    }
    entries.sort(
        Comparator.comparing(FdbEntry::network)
            .thenComparingInt(FdbEntry::number)
            .thenComparingInt(FdbEntry::vid)
            .thenComparing(FdbEntry::mac));
    return entries;
  }

  @Override
  public RefusalCounters refusals() {
    return refusals;
  }

  /** All ports of all networks. */
  List<NetworkPort> allPorts() {
    return networks.get().stream()
        .sorted(Comparator.comparing(network -> network.settings().name()))
        .flatMap(network -> network.ports().stream())
        .toList();
  }
}
