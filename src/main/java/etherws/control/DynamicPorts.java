package etherws.control;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Ports that come and go while a network runs, as etherws 1.x has them. As {@link Commands}. */
public interface DynamicPorts {
  /** TAP devices of {@code network}. */
  List<InterfaceStatus> interfaces(String network);

  /** Answers {@link Outcome.Added} when the device is up. */
  CompletionStage<Outcome> addTap(String network, String device);

  /** Answers {@link Outcome.Added} at once; the port dials on until it is deleted. */
  CompletionStage<Outcome> addClient(String network, Target target);

  /** Answers {@link Outcome.Added} when the device is in use. */
  CompletionStage<Outcome> addNetdev(String network, String device);

  /** Refuses for ports that are not of this kind. */
  CompletionStage<Outcome> delete(PortId port);

  /**
   * Changes a TAP device; null leaves a property as it is, an empty text removes it.
   *
   * @param mtu 576 and above
   */
  CompletionStage<Outcome> setInterface(
      PortId port, @Nullable String address, @Nullable String netmask, @Nullable Integer mtu);

  /**
   * A server to dial.
   *
   * @param certificates of CAs to trust; null trusts the system's
   * @param insecure trusts everybody
   */
  record Target(
      String uri,
      @Nullable String user,
      @Nullable String password,
      @Nullable Path certificates,
      boolean insecure) {}

  /**
   * A TAP device's addressing.
   *
   * @param address IPv4; empty if it has none
   * @param netmask like 255.255.255.0; empty if there is no address
   */
  record InterfaceStatus(int number, String name, String address, String netmask, int mtu) {}
}
