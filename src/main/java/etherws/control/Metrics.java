package etherws.control;

import etherws.metrics.DropReason;
import etherws.metrics.Refusal;
import etherws.metrics.RefusalCounters;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** A node's snapshots as Prometheus' metrics, made when somebody asks. */
final class Metrics {
  private final Snapshots snapshots;
  private final List<PortStatus> ports;
  private final List<NetworkStatus> networks;
  private final List<MetricSnapshot> metrics = new ArrayList<>();

  private Metrics(Snapshots snapshots) {
    this.snapshots = snapshots;
    this.ports = snapshots.ports();
    this.networks = snapshots.networks();
  }

  static MetricSnapshots of(Snapshots snapshots) {
    Metrics metrics = new Metrics(snapshots);
    metrics.node();
    metrics.refusals();
    metrics.networks();
    metrics.ports();
    return new MetricSnapshots(metrics.metrics);
  }

  private void node() {
    NodeStatus node = snapshots.node();
    Runtime runtime = Runtime.getRuntime();
    gauge("etherws_ready", "Whether the node can do its work.", node.unready() == null ? 1 : 0);
    gauge(
        "etherws_start_time_seconds",
        "When the node started, in seconds since 1970.",
        (double) node.started().getEpochSecond());
    gauge(
        "etherws_heap_octets",
        "Java heap in use.",
        (double) runtime.totalMemory() - runtime.freeMemory());
    gauge(
        "etherws_heap_limit_octets",
        "The most Java heap that may be used.",
        (double) runtime.maxMemory());
    metrics.add(
        GaugeSnapshot.builder()
            .name("etherws_build")
            .help("1; the version is a label.")
            .dataPoint(
                GaugeDataPointSnapshot.builder()
                    .labels(Labels.of("version", node.version()))
                    .value(1)
                    .build())
            .build());
  }

  private void refusals() {
    RefusalCounters counters = snapshots.refusals();
    CounterSnapshot.Builder refusals =
        CounterSnapshot.builder()
            .name("etherws_refused_connections")
            .help("Connections to hubs that were turned away, by reason.");
    for (Refusal refusal : Refusal.values()) {
      refusals.dataPoint(
          CounterDataPointSnapshot.builder()
              .labels(Labels.of("reason", Json.name(refusal)))
              .value((double) counters.of(refusal))
              .build());
    }
    metrics.add(refusals.build());
  }

  private void networks() {
    network("etherws_network_ports", "Ports of the network.", NetworkStatus::ports);
    network("etherws_network_clients", "Clients connected.", NetworkStatus::clients);
    network("etherws_network_fdb_entries", "Addresses known.", NetworkStatus::fdbSize);
    network("etherws_network_fdb_limit", "The most addresses.", NetworkStatus::fdbLimit);
  }

  private void ports() {
    counter(
        "etherws_port_ingress_frames",
        "Frames that came into the bridge by the port.",
        PortStatus::ingressFrames);
    counter(
        "etherws_port_ingress_octets",
        "Octets that came into the bridge by the port.",
        PortStatus::ingressOctets);
    counter(
        "etherws_port_egress_frames",
        "Frames that left the bridge by the port.",
        PortStatus::egressFrames);
    counter(
        "etherws_port_egress_octets",
        "Octets that left the bridge by the port.",
        PortStatus::egressOctets);
    drops();
    port("etherws_port_up", "Whether frames pass the port.", Metrics::up);
    port("etherws_port_macs", "Addresses learned on the port.", PortStatus::macs);
  }

  private static double up(PortStatus port) {
    return port.state() == PortStatus.State.UP ? 1 : 0;
  }

  private void drops() {
    CounterSnapshot.Builder drops =
        CounterSnapshot.builder()
            .name("etherws_port_dropped_frames")
            .help("Frames that died at the port, by reason.");
    for (PortStatus port : ports) {
      for (DropReason reason : DropReason.values()) {
        drops.dataPoint(
            CounterDataPointSnapshot.builder()
                .labels(labels(port).add("reason", Json.name(reason)))
                .value(port.drops().getOrDefault(reason, 0L))
                .build());
      }
    }
    metrics.add(drops.build());
  }

  private void counter(String name, String help, ToDoubleFunction<PortStatus> value) {
    CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
    for (PortStatus port : ports) {
      counter.dataPoint(
          CounterDataPointSnapshot.builder()
              .labels(labels(port))
              .value(value.applyAsDouble(port))
              .build());
    }
    metrics.add(counter.build());
  }

  private void port(String name, String help, ToDoubleFunction<PortStatus> value) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
    ports.forEach(port -> gauge.dataPoint(point(labels(port), value.applyAsDouble(port))));
    metrics.add(gauge.build());
  }

  private void network(String name, String help, ToDoubleFunction<NetworkStatus> value) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
    for (NetworkStatus network : networks) {
      gauge.dataPoint(point(Labels.of("network", network.name()), value.applyAsDouble(network)));
    }
    metrics.add(gauge.build());
  }

  private void gauge(String name, String help, double value) {
    metrics.add(
        GaugeSnapshot.builder()
            .name(name)
            .help(help)
            .dataPoint(point(Labels.EMPTY, value))
            .build());
  }

  private static GaugeDataPointSnapshot point(Labels labels, double value) {
    return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }

  /** The number makes them unique, the name tells people who it is. */
  private static Labels labels(PortStatus port) {
    return Labels.of(
        "network", port.network(), "port", Integer.toString(port.number()), "name", port.name());
  }
}
