package etherws.config;

import etherws.bridge.BridgeSettings;
import etherws.config.Section.Kind;
import etherws.tap.TapSettings;
import etherws.tunnel.Subnet;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.event.Level;

/** All that a file may say: its sections, and the keys that they have beside those of a policy. */
final class Schema {
  private static final Type<Level> LEVEL =
      Type.ofText(
          "\"debug\", \"info\", \"warn\" or \"error\"",
          text ->
              switch (text) {
                case "debug" -> Level.DEBUG;
                case "info" -> Level.INFO;
                case "warn" -> Level.WARN;
                case "error" -> Level.ERROR;
                default -> throw new WrongValue(Type.quote(text) + " is no level");
              },
          level -> level.name().toLowerCase(Locale.ROOT));

  static final Key<String> CONGESTION =
      Key.optional(
          "congestion",
          Type.TEXT,
          "bbr if the kernel has it",
          "TCP congestion control under the tunnels");
  static final Key<Level> LOG_LEVEL =
      Key.of("log-level", LEVEL, Level.INFO, "the least that is logged");
  static final Key<Path> LOG_FILE =
      Key.optional("log-file", Paths.PATH, "in the background syslog", "where the log goes");

  static final Key<String> RUN_AS =
      Key.optional(
          "run-as",
          Type.TEXT,
          "who starts it",
          "become this user or `USER:GROUP` once all is up, without any privilege");

  static final Section NODE =
      new Section(
          "",
          null,
          Kind.SINGLE,
          false,
          "the process, before the first header",
          List.of(CONGESTION, LOG_LEVEL, LOG_FILE, RUN_AS));

  static final Key<Optional<Path>> SOCKET =
      Key.optional(
          "socket",
          Paths.SOCKET,
          "NAME.sock for NAME.toml, in /run/etherws or, for want of permission,"
              + " $XDG_RUNTIME_DIR/etherws",
          "the UNIX socket where the node can be asked, mode 0660; false for none");
  static final Key<String> SOCKET_GROUP =
      Key.optional(
          "group", Type.TEXT, "that of the process", "the group that may use the socket too");
  static final Key<InetSocketAddress> METRICS =
      Key.optional(
          "metrics", Addresses.IP_PORT, "none", "serve /metrics, /healthz and /readyz there");
  static final Key<Path> METRICS_TOKEN_FILE =
      Key.optional(
          "metrics-token-file", Paths.INPUT, "none", "the bearer token that /metrics asks for");

  static final Section CONTROL =
      new Section(
          "control",
          NODE,
          Kind.SINGLE,
          false,
          "who may ask the node, and where",
          List.of(SOCKET, SOCKET_GROUP, METRICS, METRICS_TOKEN_FILE));

  static final Key<List<InetAddress>> ADDRESS =
      Key.optional("address", Type.list(Addresses.IP), "all", "listen on these addresses");
  static final Key<Integer> PORT =
      Key.optional("port", Type.whole(1, 0xffff), "80, with TLS 443", "listen on this TCP port");
  static final Key<Path> CERTFILE =
      Key.optional(
          "certfile", Paths.INPUT, "none", "TLS certificate and its chain (PEM); makes it wss");
  static final Key<Path> KEYFILE =
      Key.optional("keyfile", Paths.INPUT, "none", "TLS private key (PEM)");
  static final Key<Path> KEYPASS_FILE =
      Key.optional("keypass-file", Paths.INPUT, "prompt", "passphrase of the private key");
  static final Key<Path> CLIENT_CA =
      Key.optional(
          "client-ca",
          Paths.INPUT,
          "none",
          "the CAs (PEM) by one of which every peer must show a certificate");
  static final Key<List<String>> ALLOW_ORIGIN =
      Key.of(
          "allow-origin",
          Type.list(Addresses.ORIGIN),
          List.of(),
          "let in browsers on pages of these origins, beside the hub's own");
  static final Key<List<Subnet>> TRUSTED_PROXY =
      Key.of(
          "trusted-proxy",
          Type.list(Addresses.SUBNET),
          List.of(),
          "reverse proxies whose X-Forwarded-For says where a client is");
  static final Key<Boolean> PROXY_PROTOCOL =
      Key.of(
          "proxy-protocol",
          Type.BOOLEAN,
          false,
          "these proxies begin each connection with a PROXY header, which says it instead");

  static final Section LISTEN =
      new Section(
          "listen",
          NODE,
          Kind.ARRAY,
          false,
          "where peers dial in, to all networks",
          List.of(
              ADDRESS,
              PORT,
              CERTFILE,
              KEYFILE,
              KEYPASS_FILE,
              CLIENT_CA,
              ALLOW_ORIGIN,
              TRUSTED_PROXY,
              PROXY_PROTOCOL));

  static final Key<Path> HTPASSWD =
      Key.optional(
          "htpasswd", Paths.INPUT, "nobody is asked", "let in only users of this htpasswd file");
  static final Key<Boolean> UNLISTED =
      Key.of(
          "unlisted", Type.BOOLEAN, true, "let in users who have no [user.NAME], to all networks");

  static final Section USERS =
      new Section("users", NODE, Kind.SINGLE, false, "who may join", List.of(HTPASSWD, UNLISTED));

  static final Key<List<String>> USER_NETWORKS =
      Key.optional("networks", Type.list(Type.TEXT), "all", "the networks the user may join");
  static final Key<Instant> EXPIRES =
      Key.optional(
          "expires",
          Quantities.INSTANT,
          "never",
          "from when on the user may not join any more, and is thrown out");

  static final Section USER =
      new Section(
          "user",
          NODE,
          Kind.NAMED,
          true,
          "a user; a policy's keys here go over those of the network's `clients`",
          policied(USER_NETWORKS, EXPIRES));

  static final Key<String> PATH =
      Key.optional("path", Type.TEXT, "/NAME", "what peers dial; a slash at its end is as none");
  static final Key<Duration> AGEING =
      Key.of(
          "ageing",
          Quantities.time(Duration.ofSeconds(1), Duration.ofSeconds(1_000_000)),
          BridgeSettings.DEFAULTS.ageing(),
          "how long the FDB remembers an address that stays silent");
  static final Key<Integer> FDB_SIZE =
      Key.of(
          "fdb-size",
          Type.whole(16, 1 << 20),
          BridgeSettings.DEFAULTS.fdbSize(),
          "the most addresses that the FDB remembers");
  static final Key<Duration> LOOP_SHUT =
      Key.of(
          "loop-shut",
          Quantities.time(Duration.ofSeconds(1), Duration.ofDays(1)),
          BridgeSettings.DEFAULTS.loopShut(),
          "how long a port that leads back to this bridge is shut");
  static final Key<Duration> LOOP_SHUT_MAX =
      Key.of(
          "loop-shut-max",
          Quantities.time(Duration.ofSeconds(1), Duration.ofDays(1)),
          BridgeSettings.DEFAULTS.loopShutMax(),
          "the longest that becomes: it doubles each time while the loop is still there");
  static final Key<Integer> MAX_CLIENTS =
      Key.of("max-clients", Type.whole(0, 1 << 20), 0, "the most peers at once; 0 is no limit");

  static final Section NETWORK =
      new Section(
          "network",
          NODE,
          Kind.NAMED,
          false,
          "a network: a bridge, its peers and its ports; at least one",
          List.of(PATH, AGEING, FDB_SIZE, LOOP_SHUT, LOOP_SHUT_MAX, MAX_CLIENTS));

  static final Section CLIENTS =
      new Section(
          "clients",
          NETWORK,
          Kind.SINGLE,
          false,
          "the policy of the network's peers",
          PolicyKeys.ALL);

  static final Key<String> TAP_DEVICE =
      Key.of(
          "device",
          Addresses.TAP_DEVICE,
          TapSettings.DEFAULTS.device(),
          "its name; %d is the first free number");
  static final Key<Integer> MTU =
      Key.of(
          "mtu",
          Type.whole(68, 65_521),
          TapSettings.DEFAULTS.mtu(),
          "the longest payload of a frame");
  static final Key<String> BRIDGE =
      Key.optional("bridge", Addresses.DEVICE, "none", "the Linux bridge to join");
  static final Key<Long> MAC =
      Key.optional("mac", Addresses.MAC, "the kernel's choice", "the host's address on it");
  static final Key<List<String>> TAP_ADDRESS =
      Key.of(
          "address",
          Type.list(Addresses.IP_PREFIX),
          List.of(),
          "the host's IP addresses on it, with prefix lengths");
  static final Key<String> OWNER =
      Key.optional(
          "owner", Type.TEXT, "none", "make it persistent, and let this user open it later");
  static final Key<List<String>> UP =
      Key.of("up", Paths.COMMAND, List.of(), "a command to run once it is up");
  static final Key<List<String>> DOWN =
      Key.of("down", Paths.COMMAND, List.of(), "a command to run before it is closed");

  static final Section TAP =
      new Section(
          "tap",
          NETWORK,
          Kind.ARRAY,
          false,
          "a TAP device of this host",
          policied(TAP_DEVICE, MTU, BRIDGE, MAC, TAP_ADDRESS, OWNER, UP, DOWN));

  static final Section UPLINK =
      new Section(
          "uplink",
          NETWORK,
          Kind.ARRAY,
          false,
          "a tunnel that this node dials",
          policied(UplinkKeys.ALL));

  static final Key<String> NETDEV_DEVICE =
      Key.required("device", Addresses.DEVICE, "its name; it exists and is up");

  static final Section NETDEV =
      new Section(
          "netdev",
          NETWORK,
          Kind.ARRAY,
          false,
          "a network device of this host that joins, without a Linux bridge",
          policied(NETDEV_DEVICE));

  static final Key<SocketAddress> STREAM_LISTEN =
      Key.optional("listen", Addresses.LISTEN, "none", "take connections there, each a port");
  static final Key<SocketAddress> STREAM_CONNECT =
      Key.optional(
          "connect", Addresses.CONNECT, "none", "connect there, again whenever it is lost");

  static final Section STREAM =
      new Section(
          "stream",
          NETWORK,
          Kind.ARRAY,
          false,
          "frames behind their lengths, as QEMU's `-netdev stream` and passt speak",
          policied(STREAM_LISTEN, STREAM_CONNECT));

  static final List<Section> SECTIONS =
      List.of(NODE, CONTROL, LISTEN, USERS, USER, NETWORK, CLIENTS, TAP, UPLINK, NETDEV, STREAM);

  private Schema() {}

  static List<Section> children(Section parent) {
    return SECTIONS.stream().filter(section -> section.parent() == parent).toList();
  }

  private static List<Key<?>> policied(Key<?>... own) {
    return Stream.concat(Stream.of(own), PolicyKeys.ALL.stream()).toList();
  }
}
