package etherws.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The picture of the manual since etherws 0.4: two VMs, each behind the bridge of its hypervisor,
 * and a router between the hypervisors.
 *
 * <pre>
 *   vm1 eth0 --- vnet0 [ hv1  br0 ] ethws0 ======= ethws0 [ hv2  br0 ] vnet0 --- eth0 vm2
 *   192.168.7.1            eth0 10.1.0.2              eth0 10.2.0.2             192.168.7.2
 *                              |                         |
 *                              +---- e1 [router] e2 -----+
 * </pre>
 */
public final class SeedPicture implements AutoCloseable {
  public static final String VM1 = "192.168.7.1";
  public static final String VM2 = "192.168.7.2";
  public static final String SERVER = "10.1.0.2";

  private final Lab lab;
  private final List<String> variables = new ArrayList<>();
  public final Host vm1;
  public final Host vm2;
  public final Host hv1;
  public final Host hv2;
  public final Host router;

  private SeedPicture(Lab lab) {
    this.lab = lab;
    vm1 = lab.host("vm1");
    vm2 = lab.host("vm2");
    hv1 = lab.host("hv1");
    hv2 = lab.host("hv2");
    router = lab.host("rt");
  }

  /**
   * Builds all but the tunnel and the bridges, which are what the manual tells the operator to do.
   */
  public static SeedPicture build(Lab lab) {
    SeedPicture picture = new SeedPicture(lab);
    lab.cable(picture.hv1, "eth0", picture.router, "e1");
    lab.cable(picture.hv2, "eth0", picture.router, "e2");
    lab.cable(picture.vm1, "eth0", picture.hv1, "vnet0");
    lab.cable(picture.vm2, "eth0", picture.hv2, "vnet0");
    picture.router.run("sysctl", "-qw", "net.ipv4.ip_forward=1");
    address(picture.router, "e1", "10.1.0.1/24");
    address(picture.router, "e2", "10.2.0.1/24");
    address(picture.hv1, "eth0", SERVER + "/24");
    address(picture.hv2, "eth0", "10.2.0.2/24");
    picture.hv1.run("ip", "route", "add", "default", "via", "10.1.0.1");
    picture.hv2.run("ip", "route", "add", "default", "via", "10.2.0.1");
    address(picture.vm1, "eth0", VM1 + "/24");
    address(picture.vm2, "eth0", VM2 + "/24");
    return picture;
  }

  private static void address(Host host, String device, String address) {
    host.run("ip", "addr", "add", address, "dev", device);
  }

  /** These variables, {@code NAME=value}, are in the environment of all that is started later. */
  public void setEnvironment(String... environment) {
    variables.addAll(List.of(environment));
  }

  /** {@code etherws server …} on the first hypervisor: the prompt must return without an error. */
  public void startServer(String... options) {
    start(hv1, "server", options);
  }

  /** {@code etherws client …} on the second. */
  public void startClient(String... options) {
    start(hv2, "client", options);
  }

  private void start(Host host, String command, String... options) {
    List<String> words = new ArrayList<>(List.of("env"));
    words.addAll(variables);
    words.addAll(List.of(Host.ETHERWS, command));
    words.addAll(List.of("--log-file", file(command + ".log")));
    words.addAll(List.of("--pid-file", file(command + ".pid")));
    words.addAll(List.of(options));
    host.command(words.toArray(String[]::new)).within(Duration.ofSeconds(30)).succeed();
  }

  /** The manual's old commands. */
  public void bridgeWithBrctl(Host host) {
    host.run("brctl", "addbr", "br0");
    host.run("brctl", "addif", "br0", "vnet0");
    host.run("brctl", "addif", "br0", "ethws0");
    host.run("ip", "link", "set", "br0", "up");
  }

  /** Today's. */
  public void bridgeWithIp(Host host) {
    host.run("ip", "link", "add", "br0", "type", "bridge");
    host.run("ip", "link", "set", "vnet0", "master", "br0");
    host.run("ip", "link", "set", "ethws0", "master", "br0");
    host.run("ip", "link", "set", "br0", "up");
  }

  public String file(String name) {
    return lab.file(name).toString();
  }

  /** The process that wrote this pid file. */
  public ProcessHandle process(String name) {
    try {
      long pid = Long.parseLong(Files.readString(Path.of(file(name + ".pid"))).strip());
      return ProcessHandle.of(pid).orElseThrow();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Waits until VM reaches VM. */
  public void awaitPing(Duration limit) {
    Lab.await(
        "vm1 reaches vm2",
        limit,
        () -> vm1.command("ping", "-n", "-c", "1", "-W", "0.2", VM2).run().status() == 0);
  }

  @Override
  public void close() throws java.io.IOException {
    lab.close();
  }
}
