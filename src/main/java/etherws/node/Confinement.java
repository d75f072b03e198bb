package etherws.node;

import etherws.bridge.BridgeSettings;
import etherws.linux.Privileges;
import etherws.linux.User;
import etherws.netdev.NetdevSettings;
import etherws.node.NetworkSettings.Attached;
import etherws.node.NodeSettings.Listener;
import etherws.tap.TapSettings;
import etherws.tls.Passphrase;
import etherws.tunnel.HubSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node can't do any more that has become an ordinary user. */
final class Confinement {
  private static final Logger log = LoggerFactory.getLogger(Confinement.class);

  /** The first that anybody may listen on, unless an administrator has said otherwise. */
  private static final int FIRST_PORT = 1024;

  private final User user;

  Confinement(User user) {
    this.user = user;
  }

  /**
   * The process becomes {@code user}, on every thread. Commands of TAPs that the settings name can
   * still be executed, by that user; if they name none, nothing can.
   */
  static Confinement to(User user, NodeSettings settings) {
    ClassLoader.getSystemResource("opens/every.jar"); // as long as we may
    Privileges.drop(user, hasCommands(settings));
    log.info("runs as {}, without capabilities", user.name());
    if (!Privileges.areKnown()) {
      log.warn("system calls are not filtered on this machine: it is none that etherws knows");
    }
    files(settings)
        .filter(file -> !Files.isReadable(file))
        .forEach(file ->
            log.warn(
                "{} may not read {}: what changes there counts from the next start on",
                user.name(),
                file));
    return new Confinement(user);
  }

  private static boolean hasCommands(NodeSettings settings) {
    return settings.networks().stream()
        .flatMap(network -> network.taps().stream())
        .map(Attached::settings)
        .anyMatch(tap -> !tap.up().isEmpty() || !tap.down().isEmpty());
  }

  /** Those that a reload or the clock reads again. */
  private static Stream<Path> files(NodeSettings settings) {
    Stream<@Nullable Path> listeners =
        settings.listeners().stream()
            .map(Listener::tls)
            .filter(Objects::nonNull)
            .flatMap(tls -> Stream.of(tls.keyFile(), tls.certFile(), tls.clientCa()));
    Stream<@Nullable Path> uplinks =
        settings.networks().stream()
            .flatMap(network -> network.uplinks().stream())
            .map(uplink -> uplink.settings().tls())
            .filter(Objects::nonNull)
            .flatMap(tls -> Stream.of(tls.cacerts(), tls.keyFile(), tls.certFile()));
    return Stream.of(
            listeners,
            uplinks,
            Stream.of(settings.users().htpasswd(), settings.control().metricsToken()))
        .flatMap(each -> each)
        .filter(Objects::nonNull)
        .distinct();
  }

  /**
   * Why the new settings can't be had without a new start; null if they can. Asked before anything
   * is closed, as it could not be opened again.
   */
  @Nullable String obstacle(NodeSettings now, NodeSettings wanted) {
    List<Object> before = new ArrayList<>(privileged(now).toList());
    return privileged(wanted)
        .filter(each -> !before.remove(each))
        .findFirst()
        .map(each -> "%s may not open %s; restart etherws".formatted(user.name(), words(each)))
        .orElse(null);
  }

  private static String words(Object each) {
    return switch (each) {
      case Device device -> "device " + device.name;
      case Listener listener -> "port " + listener.settings().addresses().getFirst().getPort();
      case Socket socket -> "the control socket " + socket.path;
      default -> throw new IllegalArgumentException(each + "");
    };
  }

  /** A device, and all that makes it another one. */
  private record Device(String name, Object settings, String network, BridgeSettings bridge) {}

  private record Socket(Path path, @Nullable String group) {}

  private static Device device(String name, Object settings, NetworkSettings network) {
    return new Device(name, settings, network.name(), network.bridge());
  }

  private static Stream<Object> privileged(NodeSettings settings) {
    Stream.Builder<Object> all = Stream.builder();
    for (NetworkSettings network : settings.networks()) {
      for (Attached<TapSettings> tap : network.taps()) {
        all.add(device(tap.settings().device(), tap.settings(), network));
      }
      for (Attached<NetdevSettings> netdev : network.netdevs()) {
        all.add(device(netdev.settings().device(), netdev.settings(), network));
      }
    }
    settings.listeners().stream()
        .filter(listener ->
            listener.settings().addresses().stream().anyMatch(each -> each.getPort() < FIRST_PORT))
        .map(listener ->
            new Listener(
                new HubSettings(
                    listener.settings().addresses(), Set.of(), listener.settings().proxies()),
                listener.tls(),
                Passphrase.NONE))
        .forEach(all);
    Path socket = settings.control().socket();
    if (socket != null) {
      all.add(new Socket(socket, settings.control().group()));
    }
    return all.build();
  }
}
