package etherws.control;

import etherws.control.DynamicPorts.InterfaceStatus;
import etherws.control.DynamicPorts.Target;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The methods of etherws 1.x's control port, on one network of the node. */
final class CtlMethods implements JsonRpc.Methods {
  private static final int MIN_MTU = 576;

  private final String network;
  private final Snapshots snapshots;
  private final Commands commands;
  private final DynamicPorts ports;

  CtlMethods(String network, Snapshots snapshots, Commands commands, DynamicPorts ports) {
    this.network = network;
    this.snapshots = snapshots;
    this.commands = commands;
    this.ports = ports;
  }

  @Override
  public CompletionStage<List<Map<String, Object>>> call(String method, Map<?, ?> parameters)
      throws JsonRpc.UnknownMethod, BadRequest {
    return switch (method) {
      case "listFdb" -> CompletableFuture.completedFuture(fdb());
      case "listPort" -> CompletableFuture.completedFuture(portList());
      case "listInterface" -> CompletableFuture.completedFuture(interfaceList());
      case "addPort" -> addPort(parameters);
      case "setPort" -> setPort(parameters);
      case "delPort" -> deletePort(parameters);
      case "setInterface" -> setInterface(parameters);
      default -> throw new JsonRpc.UnknownMethod();
    };
  }

  private List<Map<String, Object>> fdb() {
    return snapshots.fdb().stream()
        .filter(entry -> entry.network().equals(network))
        .map(entry -> {
          Map<String, Object> fields = new LinkedHashMap<>();
          fields.put("vid", entry.vid());
          fields.put("mac", entry.mac());
          fields.put("port", entry.number());
          fields.put("age", entry.ageSeconds());
          return fields;
        })
        .toList();
  }

  private List<Map<String, Object>> portList() {
    return snapshots.ports().stream()
        .filter(port -> port.network().equals(network))
        .map(this::fields)
        .toList();
  }

  private Map<String, Object> fields(PortStatus port) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("port", port.number());
    fields.put("type", type(port.type()));
    fields.put("target", target(port));
    fields.put("tx", port.egressFrames());
    fields.put("rx", port.ingressFrames());
    fields.put("shut", port.state() == PortStatus.State.SHUT);
    return fields;
  }

  private static String type(PortStatus.Type type) {
    return switch (type) {
      case CLIENT -> "server"; // our end of it
      case UPLINK -> "client";
      case TAP, NETDEV, STREAM -> Json.name(type);
    };
  }

  private String target(PortStatus port) {
    return snapshots.clients().stream()
        .filter(
            client -> client.network().equals(port.network()) && client.number() == port.number())
        .map(ClientStatus::address)
        .findFirst()
        .orElse(port.name());
  }

  private List<Map<String, Object>> interfaceList() {
    return ports.interfaces(network).stream().map(CtlMethods::fields).toList();
  }

  private static Map<String, Object> fields(InterfaceStatus device) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("port", device.number());
    fields.put("type", "tap");
    fields.put("target", device.name());
    fields.put("address", device.address());
    fields.put("netmask", device.netmask());
    fields.put("mtu", device.mtu());
    return fields;
  }

  private CompletionStage<List<Map<String, Object>>> addPort(Map<?, ?> parameters)
      throws BadRequest {
    String target = text(parameters, "target");
    String type = text(parameters, "type");
    if (target == null || type == null) {
      throw new BadRequest("type and target are needed", null);
    }
    return switch (type) {
      case "tap" -> added(ports.addTap(network, target));
      case "netdev" -> added(ports.addNetdev(network, target));
      case "client" -> added(ports.addClient(network, dialled(target, parameters)));
      default -> throw new BadRequest("no type " + type + ": tap, client or netdev", null);
    };
  }

  private static Target dialled(String uri, Map<?, ?> parameters) throws BadRequest {
    Map<?, ?> options = parameters.get("options") instanceof Map<?, ?> given ? given : Map.of();
    String certificates = text(options, "cacerts");
    return new Target(
        uri,
        text(options, "user"),
        text(options, "passwd"),
        certificates == null ? null : Path.of(certificates),
        isTrue(options.get("insecure")));
  }

  private CompletionStage<List<Map<String, Object>>> added(CompletionStage<Outcome> outcome) {
    return outcome.thenApply(result ->
        result instanceof Outcome.Added(PortId id) ? only(portList(), id) : refused(result));
  }

  private CompletionStage<List<Map<String, Object>>> setPort(Map<?, ?> parameters)
      throws BadRequest {
    PortId id = port(parameters);
    Object shut = parameters.get("shut");
    if (shut == null) {
      return CompletableFuture.completedFuture(only(portList(), id));
    }
    return done(isTrue(shut) ? commands.shut(id) : commands.noshut(id), () -> only(portList(), id));
  }

  private CompletionStage<List<Map<String, Object>>> deletePort(Map<?, ?> parameters)
      throws BadRequest {
    PortId id = port(parameters);
    List<Map<String, Object>> before = only(portList(), id);
    return done(ports.delete(id), () -> before);
  }

  private CompletionStage<List<Map<String, Object>>> setInterface(Map<?, ?> parameters)
      throws BadRequest {
    PortId id = port(parameters);
    Integer mtu = parameters.get("mtu") == null ? null : integer(parameters, "mtu");
    if (mtu != null && mtu < MIN_MTU) {
      throw new BadRequest("the MTU is %d and above".formatted(MIN_MTU), null);
    }
    return done(
        ports.setInterface(id, text(parameters, "address"), text(parameters, "netmask"), mtu),
        () -> only(interfaceList(), id));
  }

  private static CompletionStage<List<Map<String, Object>>> done(
      CompletionStage<Outcome> outcome, Supplier<List<Map<String, Object>>> entries) {
    return outcome.thenApply(
        result -> result instanceof Outcome.Ok ? entries.get() : refused(result));
  }

  /** Never returns. */
  private static List<Map<String, Object>> refused(Outcome outcome) {
    throw switch (outcome) {
      case Outcome.NotFound(String what) -> new JsonRpc.Failed(what);
      case Outcome.Refused(String reason) -> new JsonRpc.Failed(reason);
      case Outcome.Ok _, Outcome.Added _ -> new IllegalStateException("not " + outcome);
    };
  }

  private static List<Map<String, Object>> only(List<Map<String, Object>> all, PortId id) {
    return all.stream().filter(entry -> Objects.equals(entry.get("port"), id.number())).toList();
  }

  private PortId port(Map<?, ?> parameters) throws BadRequest {
    PortId id = new PortId(network, integer(parameters, "port"));
    if (snapshots.ports().stream().noneMatch(port -> port.id().equals(id))) {
      throw new BadRequest("no port " + id.number(), null);
    }
    return id;
  }

  private static int integer(Map<?, ?> parameters, String name) throws BadRequest {
    try {
      return Integer.parseInt(String.valueOf(parameters.get(name)));
    } catch (NumberFormatException e) {
      throw new BadRequest(name + " is no number", null);
    }
  }

  private static @Nullable String text(Map<?, ?> parameters, String name) throws BadRequest {
    Object value = parameters.get(name);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw new BadRequest(name + " is no text", null);
  }

  /** As Python sees it. */
  private static boolean isTrue(@Nullable Object value) {
    return !(value == null || value.equals(false) || value.equals(0L) || value.equals(""));
  }
}
