package etherws.node;

import etherws.bridge.Attachment;
import etherws.bridge.FrameObserver;
import etherws.capture.Capture;
import etherws.control.Commands;
import etherws.control.LogLevel;
import etherws.control.Outcome;
import etherws.control.PortId;
import etherws.tunnel.Peer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What operators may do to the node while it runs. Any thread. */
final class Console implements Commands {
  private final View view;
  private final Supplier<@Nullable String> reload;
  private final Consumer<LogLevel> logs;
  private final Set<Watching> watching = ConcurrentHashMap.newKeySet();

  /**
   * @param reload blocks; null, or why the old settings stay
   */
  Console(View view, Supplier<@Nullable String> reload, Consumer<LogLevel> logs) {
    this.view = view;
    this.reload = reload;
    this.logs = logs;
  }

  @Override
  public CompletionStage<Outcome> kick(PortId client) {
    NetworkPort port = find(client);
    Peer peer = port == null ? null : port.peer();
    if (peer == null) {
      return done(new Outcome.NotFound("no client " + client));
    }
    peer.expel("kicked by the operator");
    return done(new Outcome.Ok(peer.name() + " is sent away"));
  }

  @Override
  public CompletionStage<Outcome> shut(PortId port) {
    return shut(port, true);
  }

  @Override
  public CompletionStage<Outcome> noshut(PortId port) {
    return shut(port, false);
  }

  private CompletionStage<Outcome> shut(PortId id, boolean shut) {
    NetworkPort port = find(id);
    if (port == null) {
      return missing(id);
    }
    port.attachment().shut(shut);
    String name = port.attachment().port().name();
    return done(new Outcome.Ok("%s (%s) is %s".formatted(id, name, shut ? "shut" : "open")));
  }

  @Override
  public CompletionStage<Outcome> flush(@Nullable String network, @Nullable Integer number) {
    Set<Network> flushed = new HashSet<>();
    for (NetworkPort port : view.allPorts()) {
      boolean named = network == null || network.equals(port.network().settings().name());
      if (named && number == null) {
        if (flushed.add(port.network())) {
          port.network().bridge().flushFdb();
        }
      } else if (named && number != null && number == port.attachment().number()) {
        port.network().bridge().flushFdb(port.attachment());
        flushed.add(port.network());
      }
    }
    return done(
        flushed.isEmpty()
            ? new Outcome.NotFound("no such network or port")
            : new Outcome.Ok("addresses forgotten"));
  }

  @Override
  public CompletionStage<Outcome> reload() {
    return CompletableFuture.supplyAsync(
        () -> {
          String problem = reload.get();
          return problem == null
              ? new Outcome.Ok("the settings were read again")
              : new Outcome.Refused(problem);
        },
        Thread::startVirtualThread);
  }

  @Override
  public CompletionStage<Outcome> logLevel(LogLevel level) {
    logs.accept(level);
    return done(new Outcome.Ok("the log level is " + level));
  }

  @Override
  public CompletionStage<Outcome> capture(@Nullable PortId id, Capture capture) {
    if (id != null && find(id) == null) {
      return missing(id);
    }
    Watching task = new Watching(id, capture);
    watching.add(task);
    task.update();
    capture.onClose(task::end);
    return done(Outcome.ok());
  }

  /** Once a second: ports that have come since are captured too. */
  void tick() {
    watching.forEach(Watching::update);
  }

  private @Nullable NetworkPort find(PortId id) {
    return view.allPorts().stream()
        .filter(port -> port.attachment().number() == id.number())
        .filter(port -> port.network().settings().name().equals(id.network()))
        .findFirst()
        .orElse(null);
  }

  private static CompletionStage<Outcome> missing(PortId id) {
    return done(new Outcome.NotFound("no port " + id));
  }

  private static CompletionStage<Outcome> done(Outcome outcome) {
    return CompletableFuture.completedFuture(outcome);
  }

  /** A capture under way. */
  private final class Watching {
    private final @Nullable PortId wanted;
    private final Capture capture;
    private final Map<Attachment, FrameObserver> watched = new HashMap<>();

    Watching(@Nullable PortId wanted, Capture capture) {
      this.wanted = wanted;
      this.capture = capture;
    }

    /** Shows the capture the ports that have come since, and forgets those that have left. */
    synchronized void update() {
      Set<Attachment> there = new HashSet<>();
      for (NetworkPort port : view.allPorts()) {
        PortId id = new PortId(port.network().settings().name(), port.attachment().number());
        if (wanted == null || wanted.equals(id)) {
          there.add(port.attachment());
        }
      }
      watched.keySet().retainAll(there);
      there.forEach(port -> watched.computeIfAbsent(port, this::watch));
    }

    private FrameObserver watch(Attachment port) {
      Capture.Source source = capture.source(port.port().name());
      FrameObserver observer =
          (direction, frame) -> source.frame(direction == FrameObserver.Direction.INGRESS, frame);
      port.observe(observer);
      return observer;
    }

    synchronized void end() {
      watching.remove(this);
      watched.forEach(Attachment::forget);
      watched.clear();
    }
  }
}
