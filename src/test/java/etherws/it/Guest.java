package etherws.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import etherws.testing.Command;
import etherws.testing.Host;
import etherws.testing.Lab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * A virtual machine: Debian's kernel and a busybox, emulated by QEMU, its one network device behind
 * {@code -netdev stream}. It echoes what it gets by TCP on port 7, runs what it gets on port 9, and
 * is a server of iperf3.
 */
final class Guest {
  /** Where {@code ./test} puts the kernel. */
  private static final Path KERNEL = Path.of("/var/cache/etherws-test");

  private static final Duration BOOT = Duration.ofSeconds(60);
  private static final String UP = "the guest is up";

  /** Modules, each behind those that it needs. */
  private static final String MODULES =
      "virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci"
          + " failover net_failover virtio_net";

  private static final String PACK =
      """
      set -e
      mkdir -p "$1/root"
      cd "$1/root"
      mkdir bin dev modules proc sys tmp
      cp "$(command -v busybox)" bin/busybox
      for file in "$(command -v iperf3)" $(ldd "$(command -v iperf3)" | grep -o '/[^ ]*'); do
        mkdir -p ".${file%%/*}"
        cp -L "$file" ".$file"
      done
      cp ../init .
      chmod +x init
      for module in %s; do
        find %s/lib/modules -name "$module.ko*" -exec cp {} modules/ \\;
      done
      for packed in modules/*.xz; do
        [ ! -e "$packed" ] || xz -d "$packed"
      done
      find . | cpio -o -H newc --quiet >../initrd
      """
          .formatted(MODULES, KERNEL);

  private final String address;

  private Guest(String address) {
    this.address = address;
  }

  /** Skips the test where there is nothing to make a guest of. */
  static void assumeThereCanBeOne() throws IOException {
    assumeTrue(
        Command.of("qemu-system-x86_64", "-netdev", "help").run().output().contains("stream"),
        "needs qemu-system-x86_64 7.2 or newer: run ./test as root");
    assumeTrue(Files.isDirectory(KERNEL.resolve("boot")), "needs a kernel: run ./test as root");
    assumeTrue(
        Command.of(
                    "sh",
                    "-c",
                    "command -v cpio && test -x /usr/bin/iperf3 && ! ldd $(command -v busybox)")
                .run()
                .status()
            == 0,
        "needs cpio, iperf3 and busybox-static: run ./test as root");
  }

  /**
   * Boots one, and waits until it is up.
   *
   * @param host the namespace whose end is its end
   * @param socket where somebody takes its frames
   */
  static Guest boot(Lab lab, Host host, Path socket, String address) throws IOException {
    lab.write("console", "");
    lab.write("init", init(address));
    Command.of("sh", "-c", PACK, "sh", lab.file("").toString()).succeed();
    host.command(
            "qemu-system-x86_64",
            "-accel",
            "tcg",
            "-m",
            "128",
            "-no-reboot",
            "-nodefaults",
            "-display",
            "none",
            "-serial",
            "file:" + lab.file("console"),
            "-netdev",
            "stream,id=net,server=off,addr.type=unix,addr.path=" + socket,
            "-device",
            "virtio-net-pci,netdev=net,mac=02:00:00:00:00:15",
            "-kernel",
            kernel().toString(),
            "-initrd",
            lab.file("initrd").toString(),
            "-append",
            "console=ttyS0 quiet panic=-1")
        .start(lab.file("qemu.log"));
    Lab.await(UP, BOOT, () -> host.run("cat", lab.file("console").toString()).contains(UP));
    return new Guest(address);
  }

  /** Its first process. */
  private static String init(String address) {
    return """
    #!/bin/busybox sh
    /bin/busybox --install -s /bin
    export PATH=/bin
    mount -t proc proc /proc
    mount -t sysfs sys /sys
    mount -t devtmpfs dev /dev
    for module in %s; do insmod /modules/$module.ko; done
    ip address add %s/24 dev eth0
    ip link set eth0 up
    nc -ll -p 7 -e cat &
    nc -ll -p 9 -e sh &
    /usr/bin/iperf3 -s >/dev/null 2>&1 &
    echo "%s"
    while :; do sleep 1000; done
    """
        .formatted(MODULES, address, UP);
  }

  private static Path kernel() throws IOException {
    try (Stream<Path> files = Files.list(KERNEL.resolve("boot"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("vmlinuz"))
          .findFirst()
          .orElseThrow();
    }
  }

  /** Has it run a line of shell, asked over the network by a host. What it printed. */
  String run(Host asking, String line) {
    return asking
        .command("socat", "-t", "30", "-", "TCP:" + address + ":9")
        .input(line + "\n")
        .succeed();
  }
}
