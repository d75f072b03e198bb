package etherws.tap;

import static etherws.testing.PrivateNetwork.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import etherws.frame.MacAddress;
import etherws.linux.LinuxException;
import etherws.testing.PrivateNetwork;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a TAP device is given besides being up. */
@ExtendWith(PrivateNetwork.class)
class TapAutomationTest {
  private static final long MAC = MacAddress.parse("02:aa:bb:cc:dd:ee");

  @Test
  void hasTheMacAddressItWasGiven() throws Exception {
    try (TapDevice device = TapDevice.open(settings(MAC, List.of(), null), 1)) {
      assertThat(run("ip", "link", "show", device.name())).contains("link/ether 02:aa:bb:cc:dd:ee");
    }
  }

  @Test
  void hasItsAddressesOfBothKinds() throws Exception {
    permitIpv6();
    List<String> addresses =
        List.of("192.0.2.1/24", "198.51.100.7/32", "192.0.2.2/24", "2001:db8::1/64", "fe80::5/64");
    try (TapDevice device = TapDevice.open(settings(null, addresses, null), 2)) {
      String shown = run("ip", "-j", "address", "show", device.name());
      assertThat(shown)
          .contains("\"local\":\"192.0.2.1\",\"prefixlen\":24,\"scope\":\"global\"")
          .contains("\"local\":\"198.51.100.7\",\"prefixlen\":32")
          .contains("\"local\":\"192.0.2.2\",\"prefixlen\":24,\"scope\":\"global\"")
          .contains("\"local\":\"2001:db8::1\",\"prefixlen\":64,\"scope\":\"global\"")
          .contains("\"local\":\"fe80::5\",\"prefixlen\":64,\"scope\":\"link\"");
      assertThat(run("ip", "route")).contains("192.0.2.0/24 dev tap0");
    }
  }

  @Test
  void anAddressThatIsThereAlreadyIsLeftAlone() throws Exception {
    run("ip", "tuntap", "add", "dev", "tap0", "mode", "tap", "user", "root");
    run("ip", "address", "add", "192.0.2.1/24", "dev", "tap0");
    run("ip", "link", "set", "tap0", "up", "address", "02:aa:bb:cc:dd:ee");
    TapSettings settings = settings(MAC, List.of("192.0.2.1/24"), null);
    TapDevice.open(settings, 1).close();

    PrivateNetwork.dropCapabilities();
    TapDevice.open(settings, 1).close();

    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(() -> TapDevice.open(settings(MAC, List.of("192.0.2.9/24"), null), 1))
        .withMessage(
            "RTM_NEWADDR tap0 192.0.2.9/24: Operation not permitted (EPERM);"
                + " as root: ip address add 192.0.2.9/24 dev tap0");
    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(() -> TapDevice.open(settings(MAC + 1, List.of(), null), 1))
        .withMessage(
            "SIOCSIFHWADDR tap0: Operation not permitted (EPERM);"
                + " as root: ip link set tap0 address 02:aa:bb:cc:dd:ef");
  }

  @Test
  void saysThatIpv6IsOff() throws Exception {
    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(() -> TapDevice.open(settings(null, List.of("2001:db8::1/64"), null), 1))
        .withMessage(
            "RTM_NEWADDR tap0 2001:db8:0:0:0:0:0:1/64: Permission denied (EACCES);"
                + " IPv6 is off: sysctl net.ipv6.conf.tap0.disable_ipv6=0");
    assertThat(run("ip", "-br", "link")).doesNotContain("tap0");
  }

  @Test
  void aDeviceWithAnOwnerStaysForHim() throws Exception {
    TapDevice.open(settings(null, List.of(), "nobody"), 2).close();
    assertThat(run("ip", "-d", "link", "show", "tap0")).contains("persist on user nobody");

    TapDevice.open(settings(null, List.of(), "0"), 2).close();
    assertThat(run("ip", "-d", "link", "show", "tap0")).contains("persist on user root");
  }

  @Test
  void anOwnerWhoDoesNotExistIsAnErrorAndLeavesNoDevice() throws Exception {
    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(() -> TapDevice.open(settings(null, List.of(), "nobody-of-this-name"), 1))
        .withMessage(
            "getpwnam nobody-of-this-name: No such file or directory (ENOENT);"
                + " there is no user of that name");
    assertThat(run("ip", "-br", "link")).doesNotContain("tap0");
  }

  @Test
  void refusesAddressesThatNoDeviceCanHave() {
    for (String mac : List.of("01:00:5e:00:00:01", "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> settings(MacAddress.parse(mac), List.of(), null))
          .withMessage("MAC address " + mac + " is not one that a device can have");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(null, List.of("192.0.2.1"), null));
  }

  private static void permitIpv6() throws Exception {
    Files.writeString(Path.of("/proc/sys/net/ipv6/conf/default/disable_ipv6"), "0");
  }

  private static TapSettings settings(
      @Nullable Long mac, List<String> addresses, @Nullable String owner) {
    return new TapSettings("tap0", 1500, null, mac, addresses, owner, List.of(), List.of());
  }
}
