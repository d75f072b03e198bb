package etherws.control;

import static etherws.control.Route.get;
import static etherws.control.Route.post;

import etherws.capture.Capture;
import etherws.capture.CaptureFormat;
import etherws.capture.FilterException;
import etherws.capture.FrameFilter;
import etherws.capture.FrameLines;
import etherws.capture.Pcapng;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What {@code /v1} answers. Described in docs/openapi.json. */
final class Api {
  private final Snapshots snapshots;
  private final Commands commands;
  private final InstantSource clock;

  Api(Snapshots snapshots, Commands commands, InstantSource clock) {
    this.snapshots = snapshots;
    this.commands = commands;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        get("/v1/status", this::status),
        get("/v1/networks", () -> Answer.json(new Networks(snapshots.networks()))),
        get("/v1/ports", () -> Answer.json(new Ports(snapshots.ports()))),
        get("/v1/clients", () -> Answer.json(new Clients(snapshots.clients()))),
        get("/v1/fdb", () -> Answer.json(new Fdb(snapshots.fdb()))),
        get("/v1/drops", this::drops),
        post("/v1/ports/{network}/{number}/shut", r -> answer(commands.shut(r.port()))),
        post("/v1/ports/{network}/{number}/noshut", r -> answer(commands.noshut(r.port()))),
        post("/v1/clients/{network}/{number}/kick", r -> answer(commands.kick(r.port()))),
        post("/v1/fdb/flush", this::flush),
        post("/v1/reload", _ -> answer(commands.reload())),
        post("/v1/log-level", this::logLevel),
        new Route(HttpMethod.GET, "/v1/capture", this::capture));
  }

  private record Networks(List<NetworkStatus> networks) {}

  private record Ports(List<PortStatus> ports) {}

  private record Clients(List<ClientStatus> clients) {}

  private record Fdb(List<FdbEntry> fdb) {}

  /** The node in short, and every port that is not as it should be. */
  private record Status(
      String version,
      long pid,
      String name,
      Instant started,
      long uptimeSeconds,
      @Nullable String unready,
      int networks,
      int ports,
      int clients,
      List<Trouble> troubles) {}

  private record Trouble(
      String network,
      int number,
      String name,
      PortStatus.State state,
      @Nullable String reason,
      @Nullable Instant until) {
    static Trouble of(PortStatus port) {
      return new Trouble(
          port.network(), port.number(), port.name(), port.state(), port.reason(), port.until());
    }
  }

  private Answer status() {
    NodeStatus node = snapshots.node();
    List<PortStatus> ports = snapshots.ports();
    return Answer.json(
        new Status(
            node.version(),
            node.pid(),
            node.name(),
            node.started(),
            Math.max(0, clock.instant().getEpochSecond() - node.started().getEpochSecond()),
            node.unready(),
            snapshots.networks().size(),
            ports.size(),
            snapshots.clients().size(),
            ports.stream()
                .filter(port -> port.state() != PortStatus.State.UP)
                .filter(port -> port.state() != PortStatus.State.STANDBY) // it is as it should be
                .map(Trouble::of)
                .toList()));
  }

  private record Drops(List<Drop> drops) {}

  private record Drop(
      String network, int number, String name, String reason, String sentence, long count) {}

  private Answer drops() {
    return Answer.json(
        new Drops(
            snapshots.ports().stream()
                .flatMap(port ->
                    port.drops().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(drop ->
                            new Drop(
                                port.network(),
                                port.number(),
                                port.name(),
                                Json.name(drop.getKey()),
                                drop.getKey().sentence(),
                                drop.getValue())))
                .toList()));
  }

  private static CompletionStage<Answer> answer(CompletionStage<Outcome> outcome) {
    return outcome.thenApply(Answer::of);
  }

  private CompletionStage<Answer> flush(Request request) throws BadRequest {
    String network = request.text("network");
    Integer port = request.integer("port");
    if (port != null && network == null) {
      throw new BadRequest("a port without its network", "give network too");
    }
    return answer(commands.flush(network, port));
  }

  private CompletionStage<Answer> logLevel(Request request) throws BadRequest {
    String wanted = String.valueOf(request.text("level"));
    LogLevel level =
        Arrays.stream(LogLevel.values())
            .filter(l -> l.name().equals(wanted.toUpperCase(Locale.ROOT)))
            .findFirst()
            .orElseThrow(
                () -> new BadRequest("no level " + wanted, "level is error, warn, info or debug"));
    return answer(commands.logLevel(level));
  }

  private CompletionStage<Answer> capture(Request request) throws BadRequest {
    FrameFilter filter;
    try {
      filter = FrameFilter.parse(request.query().getOrDefault("filter", ""));
    } catch (FilterException e) {
      throw new BadRequest(String.valueOf(e.getMessage()), e.hint());
    }
    long snapLength = request.number("snaplen", Capture.MAX_SNAP_LENGTH, Capture.MAX_SNAP_LENGTH);
    long limit = request.number("count", 0, Long.MAX_VALUE);
    Capture capture = new Capture(filter, (int) snapLength, epochNanos(clock.instant()));
    CaptureFormat format =
        switch (request.query().getOrDefault("format", "pcapng")) {
          case "pcapng" -> new Pcapng(capture);
          case "text" -> new FrameLines(capture, ZoneId.systemDefault());
          default -> throw new BadRequest("unknown format", "format is pcapng or text");
        };
    return commands
        .capture(request.queryPort(), capture)
        .thenApply(outcome ->
            outcome instanceof Outcome.Ok
                ? new Answer.Frames(capture, format, limit)
                : Answer.of(outcome));
  }

  /** The wall clock's time as it was at {@code now}, and on from there at a steady pace. */
  private static LongSupplier epochNanos(Instant now) {
    long start = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    long offset = start - System.nanoTime();
    return () -> System.nanoTime() + offset;
  }
}
