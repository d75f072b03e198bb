package etherws.config;

import etherws.bridge.BridgeSettings;
import etherws.bridge.PortPolicy;
import etherws.netdev.NetdevSettings;
import etherws.node.NetworkSettings;
import etherws.node.NetworkSettings.Attached;
import etherws.stream.StreamSettings;
import etherws.tap.TapSettings;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code [network.NAME]} and what is within. */
final class NetworkReader {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");
  private static final Pattern PATH = Pattern.compile("/[!-~&&[^?#]]*");

  /** Where each path, and each device that has one name, was read. */
  private final Map<String, Integer> paths = new HashMap<>();

  private final Map<String, Integer> devices = new HashMap<>();

  List<NetworkSettings> read(Table root) {
    List<NetworkSettings> networks = new ArrayList<>();
    root.named(Schema.NETWORK).forEach((name, table) -> networks.add(network(name, table)));
    return List.copyOf(networks);
  }

  private NetworkSettings network(String name, Table table) {
    if (!NAME.matcher(name).matches()) {
      table.report("no network can have this name", "use letters, digits, dot, dash, underscore");
    }
    return new NetworkSettings(
        name,
        path(name, table),
        bridge(table),
        table.get(Schema.MAX_CLIENTS),
        PolicyReader.read(table.child(Schema.CLIENTS), PortPolicy.CLIENT),
        each(table, Schema.TAP, this::tap),
        each(table, Schema.UPLINK, UplinkReader::read),
        each(table, Schema.NETDEV, this::netdev),
        each(table, Schema.STREAM, NetworkReader::stream));
  }

  private static BridgeSettings bridge(Table table) {
    Duration first = table.get(Schema.LOOP_SHUT);
    Duration longest = table.get(Schema.LOOP_SHUT_MAX);
    if (longest.compareTo(first) < 0) {
      Key<Duration> key = table.has(Schema.LOOP_SHUT_MAX) ? Schema.LOOP_SHUT_MAX : Schema.LOOP_SHUT;
      table.report(
          key,
          "loop-shut-max (%d s) is shorter than loop-shut (%d s)"
              .formatted(longest.toSeconds(), first.toSeconds()),
          "give both, the longest last");
      longest = first;
    }
    return new BridgeSettings(table.get(Schema.AGEING), table.get(Schema.FDB_SIZE), first, longest);
  }

  private String path(String name, Table table) {
    String path = table.get(Schema.PATH, "/" + name);
    if (!PATH.matcher(path).matches()) {
      table.report(
          Schema.PATH,
          path + " is no path",
          "give one that starts with a slash and has neither blanks nor ? nor #");
    }
    String bare = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    Integer before = paths.putIfAbsent(bare, table.line(Schema.PATH));
    if (before != null) {
      table.report(
          Schema.PATH,
          "%s is that of the network of line %d too".formatted(path, before),
          "give each network a path of its own");
    }
    return path;
  }

  /** A port for each table; one that is wrong is left away, as its problem is noted. */
  private static <T> List<Attached<T>> each(
      Table network, Section section, Function<Table, @Nullable T> reader) {
    List<Attached<T>> ports = new ArrayList<>();
    for (Table table : network.each(section)) {
      T settings = reader.apply(table);
      PortPolicy policy = PolicyReader.read(table, PortPolicy.LOCAL);
      if (settings != null) {
        ports.add(new Attached<>(settings, policy));
      }
    }
    return List.copyOf(ports);
  }

  private TapSettings tap(Table table) {
    String device = table.get(Schema.TAP_DEVICE);
    if (!device.contains("%d")) {
      claim(device, table, Schema.TAP_DEVICE);
    }
    return new TapSettings(
        device,
        table.get(Schema.MTU),
        table.find(Schema.BRIDGE),
        table.find(Schema.MAC),
        table.get(Schema.TAP_ADDRESS),
        table.find(Schema.OWNER),
        table.get(Schema.UP),
        table.get(Schema.DOWN));
  }

  private @Nullable NetdevSettings netdev(Table table) {
    String device = table.require(Schema.NETDEV_DEVICE);
    if (device == null) {
      return null;
    }
    claim(device, table, Schema.NETDEV_DEVICE);
    return new NetdevSettings(device);
  }

  private void claim(String device, Table table, Key<String> key) {
    Integer before = devices.putIfAbsent(device, table.line(key));
    if (before != null) {
      table.report(key, device + " is on line " + before + " too", "a device can be one port only");
    }
  }

  private static @Nullable StreamSettings stream(Table table) {
    SocketAddress listen = table.find(Schema.STREAM_LISTEN);
    SocketAddress connect = table.find(Schema.STREAM_CONNECT);
    if (table.has(Schema.STREAM_LISTEN) == table.has(Schema.STREAM_CONNECT)) {
      table.report(
          "has %s listen and connect".formatted(listen == null ? "neither" : "both"),
          "give one of them");
      return null;
    }
    if (listen != null) {
      return new StreamSettings(listen, true);
    }
    return connect == null ? null : new StreamSettings(connect, false);
  }
}
