package etherws.testing;

import etherws.bridge.PortPolicy;
import etherws.capture.Capture;
import etherws.control.ClientStatus;
import etherws.control.Commands;
import etherws.control.DynamicPorts;
import etherws.control.FdbEntry;
import etherws.control.LogLevel;
import etherws.control.NetworkStatus;
import etherws.control.NodeStatus;
import etherws.control.Outcome;
import etherws.control.PolicySummary;
import etherws.control.PortId;
import etherws.control.PortStatus;
import etherws.control.Snapshots;
import etherws.metrics.DropReason;
import etherws.metrics.Refusal;
import etherws.metrics.RefusalCounters;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** A node with a network of three ports, which remembers what it was told. */
public final class FakeNode implements Snapshots, Commands, DynamicPorts {
  public static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

  private final List<PortStatus> ports =
      List.of(
          port(1, "ethws0", PortStatus.Type.TAP, PortStatus.State.UP, null, Map.of()),
          port(
              2,
              "alice@192.0.2.7:40112",
              PortStatus.Type.CLIENT,
              PortStatus.State.UP,
              null,
              Map.of(DropReason.QUEUE_OLD, 12L, DropReason.RUNT, 1L)),
          port(
              3,
              "wss://hub.example/lab",
              PortStatus.Type.UPLINK,
              PortStatus.State.LOOP,
              "its own probe came back by port lab/1",
              Map.of()));
  private final BlockingQueue<Capture> captures = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private volatile @Nullable String unready;
  private volatile boolean empty;

  private static PortStatus port(
      int number,
      String name,
      PortStatus.Type type,
      PortStatus.State state,
      @Nullable String reason,
      Map<DropReason, Long> drops) {
    return new PortStatus(
        "lab",
        number,
        name,
        type,
        state,
        reason,
        reason == null ? null : START.plusSeconds(90),
        PolicySummary.of(number == 1 ? PortPolicy.LOCAL : PortPolicy.CLIENT),
        1000L * number,
        1_500_000L * number,
        7,
        700,
        drops,
        number,
        START);
  }

  /** From now on it has no networks, ports, clients and addresses. */
  public void empty() {
    empty = true;
  }

  public void unready(String why) {
    unready = why;
  }

  /** What it was told, in order. */
  public BlockingQueue<String> told() {
    return told;
  }

  public BlockingQueue<Capture> captures() {
    return captures;
  }

  @Override
  public NodeStatus node() {
    return new NodeStatus("2.0.0", 4711, "hub", START, unready);
  }

  @Override
  public RefusalCounters refusals() {
    RefusalCounters refusals = new RefusalCounters();
    refusals.count(Refusal.PASSWORD);
    return refusals;
  }

  @Override
  public List<NetworkStatus> networks() {
    return empty
        ? List.of()
        : List.of(new NetworkStatus("lab", "/lab", 3, 1, 100, 2, 65_536, 300, List.of(0, 10, 20)));
  }

  @Override
  public List<PortStatus> ports() {
    return empty ? List.of() : ports;
  }

  @Override
  public List<ClientStatus> clients() {
    return empty
        ? List.of()
        : List.of(
            new ClientStatus(
                "lab",
                2,
                "alice@192.0.2.7:40112",
                "alice",
                "192.0.2.7:40112",
                ClientStatus.Wire.V2,
                "TLSv1.3 TLS_AES_128_GCM_SHA256",
                START,
                1.25,
                1.5));
  }

  @Override
  public List<FdbEntry> fdb() {
    return empty
        ? List.of()
        : List.of(
            new FdbEntry("lab", 0, "02:00:00:00:00:0a", 1, "ethws0", 3),
            new FdbEntry("lab", 10, "02:00:00:00:00:0b", 2, "alice@192.0.2.7:40112", 192));
  }

  @Override
  public CompletionStage<Outcome> kick(PortId client) {
    return client.number() == 2 ? done("kick " + client) : missing("client " + client);
  }

  @Override
  public CompletionStage<Outcome> shut(PortId port) {
    return exists(port) ? done("shut " + port) : missing("port " + port);
  }

  @Override
  public CompletionStage<Outcome> noshut(PortId port) {
    return exists(port) ? done("noshut " + port) : missing("port " + port);
  }

  @Override
  public CompletionStage<Outcome> flush(@Nullable String network, @Nullable Integer number) {
    return done("flush " + network + " " + number);
  }

  @Override
  public CompletionStage<Outcome> reload() {
    told.add("reload");
    return CompletableFuture.completedFuture(
        new Outcome.Refused("/etc/etherws/hub.toml, line 3: unknown key pvd, did you mean pvid?"));
  }

  @Override
  public CompletionStage<Outcome> logLevel(LogLevel level) {
    if (level == LogLevel.ERROR) {
      throw new IllegalStateException("a bug");
    }
    told.add("level " + level);
    return CompletableFuture.completedFuture(new Outcome.Ok("logs " + level));
  }

  @Override
  public CompletionStage<Outcome> capture(@Nullable PortId port, Capture capture) {
    if (port != null && !exists(port)) {
      return missing("port " + port);
    }
    captures.add(capture);
    return done("capture " + port);
  }

  @Override
  public List<InterfaceStatus> interfaces(String network) {
    return List.of(new InterfaceStatus(1, "ethws0", "192.0.2.10", "255.255.255.0", 1500));
  }

  @Override
  public CompletionStage<Outcome> addTap(String network, String device) {
    told.add("tap " + network + " " + device);
    return CompletableFuture.completedFuture(new Outcome.Added(new PortId(network, 1)));
  }

  @Override
  public CompletionStage<Outcome> addClient(String network, Target target) {
    told.add("client " + network + " " + target);
    return CompletableFuture.completedFuture(new Outcome.Added(new PortId(network, 3)));
  }

  @Override
  public CompletionStage<Outcome> addNetdev(String network, String device) {
    return CompletableFuture.completedFuture(new Outcome.Refused(device + ": no such device"));
  }

  @Override
  public CompletionStage<Outcome> delete(PortId port) {
    return done("delete " + port);
  }

  @Override
  public CompletionStage<Outcome> setInterface(
      PortId port, @Nullable String address, @Nullable String netmask, @Nullable Integer mtu) {
    return done("set " + port + " " + address + " " + netmask + " " + mtu);
  }

  private boolean exists(PortId port) {
    return ports.stream().anyMatch(p -> p.id().equals(port));
  }

  private CompletionStage<Outcome> done(String what) {
    told.add(what);
    return CompletableFuture.completedFuture(Outcome.ok());
  }

  private static CompletionStage<Outcome> missing(String what) {
    return CompletableFuture.completedFuture(new Outcome.NotFound("no " + what));
  }
}
