package etherws.node;

import etherws.bridge.PortPolicy;
import etherws.control.DynamicPorts;
import etherws.control.Outcome;
import etherws.control.PortId;
import etherws.control.PortStatus;
import etherws.linux.IpPrefix;
import etherws.linux.NetDevice;
import etherws.netdev.NetdevSettings;
import etherws.node.NetworkSettings.Attached;
import etherws.node.NetworkSettings.Uplink;
import etherws.tap.TapSettings;
import etherws.tls.ClientTlsSettings;
import etherws.tunnel.SpokeSettings;
import etherws.tunnel.TunnelUri;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Ports that operators add to a network and take out again, beside those of its settings. */
final class AddedPorts implements DynamicPorts {
  /*
   * Every change may block, and goes on a virtual thread of its own; a network makes them take
   * turns.
   */
  private static final int IPV4_BITS = 32;

  private final Function<String, @Nullable Network> networks;

  AddedPorts(Function<String, @Nullable Network> networks) {
    this.networks = networks;
  }

  @Override
  public List<InterfaceStatus> interfaces(String network) {
    Network there = networks.apply(network);
    return there == null
        ? List.of()
        : there.ports().stream()
            .filter(port -> port.type() == PortStatus.Type.TAP)
            .map(AddedPorts::status)
            .toList();
  }

  private static InterfaceStatus status(NetworkPort port) {
    NetDevice device = new NetDevice(port.attachment().port().name());
    List<IpPrefix> addresses = ipv4(device);
    String address = addresses.isEmpty() ? "" : addresses.getFirst().address().getHostAddress();
    String netmask = addresses.isEmpty() ? "" : netmask(addresses.getFirst().length());
    return new InterfaceStatus(
        port.attachment().number(), device.name(), address, netmask, device.mtu());
  }

  private static List<IpPrefix> ipv4(NetDevice device) {
    return device.addresses().stream().filter(IpPrefix::isIpv4).toList();
  }

  @Override
  public CompletionStage<Outcome> addTap(String network, String device) {
    return add(network, () -> new TapSettings(device, TapSettings.DEFAULTS.mtu(), null));
  }

  @Override
  public CompletionStage<Outcome> addNetdev(String network, String device) {
    return add(network, () -> new NetdevSettings(device));
  }

  @Override
  public CompletionStage<Outcome> addClient(String network, Target target) {
    return add(
        network,
        () -> {
          TunnelUri uri = TunnelUri.parse(target.uri());
          ClientTlsSettings tls =
              uri.tls()
                  ? new ClientTlsSettings(
                      uri.host(), uri.port(), target.certificates(), target.insecure())
                  : null;
          String user = target.user() == null ? uri.user() : target.user();
          String password = target.user() == null ? uri.password() : target.password();
          return new Uplink(new SpokeSettings(uri, user, password, true, false), tls);
        });
  }

  private CompletionStage<Outcome> add(String network, Callable<Object> settings) {
    return elsewhere(() -> {
      Network there = networks.apply(network);
      if (there == null) {
        return new Outcome.NotFound("no network " + network);
      }
      Running added = there.add(new Attached<>(settings.call(), PortPolicy.LOCAL));
      return new Outcome.Added(new PortId(network, added.attachments().getFirst().number()));
    });
  }

  @Override
  public CompletionStage<Outcome> delete(PortId id) {
    return onPort(
        id,
        port -> {
          if (port.peer() != null) {
            port.peer().expel("deleted by the operator");
            return Outcome.ok();
          }
          return port.network().remove(port.attachment())
              ? Outcome.ok()
              : new Outcome.Refused("port %s is part of the settings".formatted(id));
        });
  }

  @Override
  public CompletionStage<Outcome> setInterface(
      PortId id, @Nullable String address, @Nullable String netmask, @Nullable Integer mtu) {
    return onPort(
        id,
        port -> {
          if (port.type() != PortStatus.Type.TAP) {
            return new Outcome.Refused("port %s is no TAP".formatted(id));
          }
          NetDevice device = new NetDevice(port.attachment().port().name());
          if (mtu != null) {
            device.setMtu(mtu);
          }
          if (address != null || netmask != null) {
            readdress(device, address, netmask);
          }
          return Outcome.ok();
        });
  }

  /** As ifconfig(8): one IPv4 address, and without a netmask that of its class. */
  private static void readdress(
      NetDevice device, @Nullable String address, @Nullable String netmask)
      throws UnknownHostException {
    List<IpPrefix> before = ipv4(device);
    IpPrefix first = before.isEmpty() ? null : before.getFirst();
    IpPrefix wanted = null;
    if (address == null ? first != null : !address.isEmpty()) {
      InetAddress ip =
          address == null && first != null
              ? first.address()
              : IpPrefix.parse(address + "/" + IPV4_BITS).address();
      int length =
          netmask == null || netmask.isEmpty()
              ? classful(ip.getAddress()[0] & 0xff)
              : prefixLength(netmask);
      wanted = new IpPrefix(ip, length);
    }
    before.forEach(device::removeAddress);
    if (wanted != null) {
      device.addAddress(wanted);
    }
  }

  private static int classful(int first) {
    return first < 128 ? 8 : first < 192 ? 16 : 24;
  }

  private static int prefixLength(String netmask) {
    int bits = 0;
    for (byte octet : IpPrefix.parse(netmask + "/" + IPV4_BITS).address().getAddress()) {
      bits = (bits << Byte.SIZE) | (octet & 0xff);
    }
    int length = Integer.bitCount(bits);
    if (bits != mask(length)) {
      throw new IllegalArgumentException(netmask + " is no netmask");
    }
    return length;
  }

  private static String netmask(int length) {
    int bits = mask(length);
    return "%d.%d.%d.%d"
        .formatted(bits >>> 24, (bits >>> 16) & 0xff, (bits >>> 8) & 0xff, bits & 0xff);
  }

  private static int mask(int length) {
    return length == 0 ? 0 : -1 << (IPV4_BITS - length);
  }

  /** A change of one port. */
  private interface Change {
    Outcome apply(NetworkPort port) throws Exception;
  }

  private CompletionStage<Outcome> onPort(PortId id, Change change) {
    return elsewhere(() -> {
      Network network = networks.apply(id.network());
      if (network != null) {
        for (NetworkPort port : network.ports()) {
          if (port.attachment().number() == id.number()) {
            return change.apply(port);
          }
        }
      }
      return new Outcome.NotFound("no port " + id);
    });
  }

  /** What fails is refused, in the words of what went wrong. */
  private static CompletionStage<Outcome> elsewhere(Callable<Outcome> step) {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        outcome.complete(step.call());
      } catch (Exception e) {
        outcome.complete(new Outcome.Refused(String.valueOf(e.getMessage())));
      }
    });
    return outcome;
  }
}
