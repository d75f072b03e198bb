package etherws.node;

import static java.util.Objects.requireNonNull;

import etherws.linux.User;
import etherws.metrics.RefusalCounters;
import etherws.tunnel.Roaming;
import etherws.tunnel.Transport;
import io.netty.util.concurrent.Future;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The running program: builds its parts in the order in which they may fail, changes them to new
 * settings, and stops them.
 *
 * <p>start, reload and stop block; the main thread calls them, never an event loop.
 */
public final class Node {
  private static final Logger log = LoggerFactory.getLogger(Node.class);

  /** For all that is closed at the end, side by side; what takes longer ends with the process. */
  private static final Duration CLOSING = Duration.ofMillis(2_500);

  private static final Duration FAREWELL = Duration.ofMillis(1_500);
  private static final Duration LOOPS = Duration.ofMillis(300);

  private final Transport transport;
  private final SecureRandom random = new SecureRandom();
  private final Door door = new Door(random);
  private final RefusalCounters refusals = new RefusalCounters();
  private final Hubs hubs;
  private final PortOpener opener;
  private final CompletableFuture<String> broken = new CompletableFuture<>();
  private final SettingsSource source;
  private final View view;
  private final Console console;
  private final Controls controls;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(Niceness.atEase("clock-"));
  private volatile Map<String, Network> networks = Map.of();
  private NodeSettings settings;
  private @Nullable Roaming roaming;
  private volatile boolean stopping;
  private volatile @Nullable Thread reloading;
  private volatile @Nullable String unready = "starting";
  private @Nullable Confinement confinement;

  /**
   * A node that does nothing yet.
   *
   * @param name what people call it
   * @param source asked for the settings of a reload
   * @param logLevel changes how much is logged
   */
  public Node(
      String name,
      String version,
      NodeSettings settings,
      SettingsSource source,
      Consumer<Level> logLevel) {
    this.settings = settings;
    this.source = source;
    this.view = new View(name, version, () -> networks.values(), refusals, () -> unready);
    this.console =
        new Console(view, this::reload, level -> logLevel.accept(Level.valueOf(level.name())));
    this.controls =
        new Controls(view, console, new AddedPorts(network -> networks.get(network)), random);
    this.transport = new Transport(loops(settings), settings.congestion());
    this.hubs = new Hubs(transport, door, refusals);
    this.opener = new PortOpener(transport, random, broken::complete);
  }

  /** Peers and devices are spread over the cores; a client's frames should cross no thread. */
  private static int loops(NodeSettings settings) {
    boolean client =
        settings.listeners().isEmpty()
            && settings.networks().stream()
                .allMatch(network -> network.netdevs().isEmpty() && network.streams().isEmpty());
    return client ? 1 : Runtime.getRuntime().availableProcessors();
  }

  /**
   * Brings everything up: the devices first, then the listeners, then the links. Returns when the
   * tunnels are up; on failure nothing stays behind.
   *
   * @throws Exception what went wrong, each kind with one line for the operator
   */
  public synchronized void start() throws Exception {
    Niceness.raise(transport.loopList());
    Niceness.lowerCompilers();
    try {
      var loop = transport.loopList().getFirst();
      roaming = Roaming.watch(loop, this::networkChanged, System::nanoTime);
      apply(settings);
      controls.open(settings.control());
      unready = null;
      clock.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
    } catch (Exception e) {
      stop();
      throw e;
    }
  }

  /**
   * Becomes that user for good, without any privilege, when all is up that needs some.
   *
   * @throws RuntimeException with one line for the operator; then the process had better end
   */
  public synchronized void confine(User user) {
    transport.expectNoPrivileges();
    confinement = Confinement.to(user, settings);
  }

  /** Runs {@code alive} once in every period in which all event loops and the clock have worked. */
  public void watch(Duration period, Runnable alive) {
    Pulse pulse = new Pulse(transport.loopList(), clock, alive);
    clock.scheduleAtFixedRate(pulse::ask, 0, period.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** For {@code systemctl status}: what stays true until the settings are read again. */
  public String summary() {
    return "networks: " + String.join(", ", networks.keySet());
  }

  /** Calls {@code listener} once with the reason, on some thread, when the node can't go on. */
  public void onBroken(Consumer<String> listener) {
    broken.thenAccept(listener);
  }

  /**
   * Reads the settings again, changes what differs, and reads certificates and htpasswd again.
   * Sessions and ports that it doesn't concern notice nothing. If the new settings can't be had,
   * the old ones come back, and the reason is logged and returned.
   *
   * @return null if all went well
   */
  public synchronized @Nullable String reload() {
    reloading = Thread.currentThread();
    try {
      return stopping ? "it is stopping" : reread();
    } finally {
      reloading = null;
    }
  }

  private @Nullable String reread() {
    NodeSettings wanted;
    try {
      wanted = source.read();
    } catch (Exception e) {
      String reason = String.valueOf(e.getMessage());
      log.error("the old settings stay: {}", reason);
      return reason;
    }
    String obstacle = confinement == null ? null : confinement.obstacle(settings, wanted);
    if (obstacle != null) {
      log.error("the old settings stay: {}", obstacle);
      return obstacle;
    }
    if (confinement == null && !wanted.congestion().equals(settings.congestion())) {
      log.warn("congestion changes when etherws is started again");
    }
    NodeSettings before = settings;
    try {
      apply(wanted);
      controls.open(wanted.control());
      log.info("the settings were read again");
      return null;
    } catch (Exception e) {
      if (stopping) {
        return "cut off by the end";
      }
      String reason = String.valueOf(e.getMessage());
      log.error("the old settings stay: {}", reason);
      restore(before);
      return reason;
    }
  }

  private void restore(NodeSettings before) {
    try {
      apply(before);
      controls.open(before.control());
    } catch (Exception e) {
      log.error("not all of the old settings came back: {}", e.getMessage());
    }
  }

  /** Everything that reads files comes before anything that others can see. */
  private void apply(NodeSettings wanted) throws Exception {
    settings = wanted;
    hubs.prepare(wanted.listeners());
    door.passwords(wanted.users().htpasswd());
    Map<String, Network> next = new LinkedHashMap<>();
    List<CompletableFuture<Void>> up = new ArrayList<>();
    List<Network> leaving = new ArrayList<>();
    for (NetworkSettings network : wanted.networks()) {
      next.put(network.name(), kept(network));
    }
    networks.forEach((name, network) -> {
      if (next.get(name) != network) {
        leaving.add(network);
      }
    });
    if (!networks.isEmpty()) {
      for (NetworkSettings network : wanted.networks()) {
        requireNonNull(next.get(network.name())).check(network);
      }
    }
    leaving.forEach(Network::close);
    networks = next;
    for (NetworkSettings network : wanted.networks()) { // all of them, before any opens anything
      requireNonNull(next.get(network.name())).retire(network);
    }
    for (NetworkSettings network : wanted.networks()) {
      up.addAll(requireNonNull(next.get(network.name())).apply(network));
    }
    door.rules(wanted.users(), paths(next));
    hubs.listen();
    hubs.recheck(); // nobody is sent away for settings that can't be had
    await(up);
  }

  /** The network of that name if it runs and may go on, else a new one. */
  private Network kept(NetworkSettings wanted) {
    Network there = networks.get(wanted.name());
    return there != null && !there.mustBeRebuiltFor(wanted)
        ? there
        : new Network(wanted, opener, System::nanoTime);
  }

  private static Map<String, Membership.Joined> paths(Map<String, Network> networks) {
    Map<String, Membership.Joined> paths = new LinkedHashMap<>();
    for (Network network : networks.values()) {
      NetworkSettings settings = network.settings();
      String path = settings.path();
      paths.put(
          path.endsWith("/") ? path.substring(0, path.length() - 1) : path,
          new Membership.Joined(network.peers(), settings.clients()));
    }
    return paths;
  }

  private static void await(List<CompletableFuture<Void>> up) throws Exception {
    try {
      CompletableFuture.allOf(up.toArray(CompletableFuture<?>[]::new)).get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  /** Once a second. */
  private void tick() {
    networks.values().forEach(network -> attempt(network.bridge()::tick));
    attempt(console::tick);
    attempt(hubs::refresh);
    attempt(() -> {
      if (door.hasChanged()) {
        hubs.recheck();
      }
    });
  }

  private void networkChanged() {
    networks.values().forEach(Network::networkChanged);
  }

  /**
   * Closes links with 1001, and all ports, then the loops; within 5 s. A reload under way is cut
   * off.
   */
  public void stop() {
    stopping = true;
    opener.hurry(); // before we wait for a reload
    Thread reload = reloading;
    if (reload != null && reload != Thread.currentThread()) {
      reload.interrupt();
    }
    end();
  }

  private synchronized void end() {
    clock.shutdown();
    if (roaming != null) {
      roaming.close();
    }
    List<CompletableFuture<?>> closing = new ArrayList<>();
    closing.add(aside(controls::close));
    closing.add(aside(this::farewell));
    networks.values().forEach(network -> closing.add(aside(network::close)));
    CompletableFuture.allOf(closing.toArray(CompletableFuture<?>[]::new))
        .completeOnTimeout(null, CLOSING.toMillis(), TimeUnit.MILLISECONDS)
        .join();
    attempt(door::close);
    transport
        .loops()
        .shutdownGracefully(0, LOOPS.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(LOOPS.toMillis());
  }

  /** Sends all peers away. */
  private void farewell() {
    long end = System.nanoTime() + FAREWELL.toNanos();
    for (Future<Void> gone : hubs.leave()) {
      gone.awaitUninterruptibly(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    }
  }

  private static CompletableFuture<Void> aside(Runnable step) {
    return CompletableFuture.runAsync(() -> attempt(step), Thread::startVirtualThread);
  }

  private static void attempt(Runnable step) {
    try {
      step.run();
    } catch (Throwable e) { // what is left to do matters more
      log.error("a step failed, and the others go on; please report this", e);
    }
  }
}
