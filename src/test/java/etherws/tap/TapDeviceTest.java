package etherws.tap;

import static etherws.testing.PrivateNetwork.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import etherws.linux.LinuxException;
import etherws.linux.NetDevice;
import etherws.testing.PrivateNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PrivateNetwork.class)
class TapDeviceTest {
  @Test
  void takesTheFirstFreeNumber() {
    TapDevice first = TapDevice.open(TapSettings.DEFAULTS, 1);
    try (TapDevice second = TapDevice.open(TapSettings.DEFAULTS, 1)) {
      assertThat(first.name()).isEqualTo("ethws0");
      assertThat(second.name()).isEqualTo("ethws1");
    }
    try (TapDevice third = TapDevice.open(new TapSettings("ethws1", 1500, null), 1)) {
      first.close();
      try (TapDevice fourth = TapDevice.open(TapSettings.DEFAULTS, 1)) {
        assertThat(third.name()).isEqualTo("ethws1");
        assertThat(fourth.name()).isEqualTo("ethws0");
      }
    }
  }

  @Test
  void isUpWithItsMtu() {
    try (TapDevice device = TapDevice.open(settings("tap0", 9000), 1)) {
      assertThat(device.mtu()).isEqualTo(9000);
      assertThat(new NetDevice("tap0").mtu()).isEqualTo(9000);
      assertThat(new NetDevice("tap0").isUp()).isTrue();
    }
  }

  @Test
  void vanishesOnClose() throws Exception {
    TapDevice device = TapDevice.open(TapSettings.DEFAULTS, 1);
    assertThat(run("ip", "-br", "link")).contains("ethws0");

    device.close();
    device.close();

    assertThat(run("ip", "-br", "link")).doesNotContain("ethws0");
  }

  @Test
  void joinsALinuxBridge() throws Exception {
    run("ip", "link", "add", "br0", "type", "bridge");
    try (TapDevice device = TapDevice.open(new TapSettings("ethws%d", 1500, "br0"), 1)) {
      assertThat(run("ip", "link", "show", device.name())).contains("master br0");
    }
  }

  @Test
  void leavesNoDeviceBehindWhenTheBridgeIsMissing() throws Exception {
    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(() -> TapDevice.open(new TapSettings("ethws%d", 1500, "br0"), 1))
        .withMessage(
            "SIOCBRADDIF br0: No such device (ENODEV);"
                + " create the bridge first: ip link add br0 type bridge");
    assertThat(run("ip", "-br", "link")).doesNotContain("ethws");
  }

  @Test
  void saysThatAnotherProcessHasTheDevice() {
    try (TapDevice device = TapDevice.open(settings("tap0", 1500), 1)) {
      assertThatExceptionOfType(LinuxException.class)
          .isThrownBy(() -> TapDevice.open(settings(device.name(), 1500), 1))
          .withMessage(
              "TUNSETIFF tap0: Device or resource busy (EBUSY);"
                  + " another process has the device open");
    }
  }

  @Test
  void saysThatTheNameIsTakenByAnotherKindOfDevice() {
    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(() -> TapDevice.open(settings("lo", 1500), 1))
        .withMessage(
            "TUNSETIFF lo: Invalid argument (EINVAL);"
                + " a device of that name exists that is no TAP, or one with several queues");
  }

  @Test
  void saysHowToGetTheDriver() {
    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(() -> TapDevice.open(TapSettings.DEFAULTS, 1, "/nonexistent/tun"))
        .withMessage(
            "open /nonexistent/tun: No such file or directory (ENOENT);"
                + " load the driver: modprobe tun (a container must be given the device)");
  }

  @Test
  void saysWhatAnOrdinaryUserNeeds() {
    PrivateNetwork.dropCapabilities();

    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(() -> TapDevice.open(TapSettings.DEFAULTS, 1))
        .withMessage(
            "TUNSETIFF ethws%d: Operation not permitted (EPERM);"
                + " needs root or CAP_NET_ADMIN, or a persistent TAP owned by this user:"
                + " ip tuntap add dev ethws0 mode tap user $USER");
  }

  @Test
  void anOrdinaryUserOpensTheTapThatRootMadeForHim() throws Exception {
    run("ip", "link", "add", "br0", "type", "bridge");
    run("ip", "tuntap", "add", "dev", "tap0", "mode", "tap", "user", "root");
    run("ip", "link", "set", "tap0", "up", "mtu", "1400", "master", "br0");
    PrivateNetwork.dropCapabilities();

    TapDevice.open(new TapSettings("tap0", 1400, "br0"), 1).close();

    assertThat(run("ip", "link", "show", "tap0")).contains("master br0");
    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(() -> TapDevice.open(settings("tap0", 1500), 1))
        .withMessage(
            "SIOCSIFMTU tap0: Operation not permitted (EPERM);"
                + " as root: ip link set tap0 up mtu 1500");
    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(() -> TapDevice.open(new TapSettings("tap0", 1400, "br1"), 1))
        .withMessage(
            "SIOCBRADDIF br1: Operation not permitted (EPERM);"
                + " needs root or CAP_NET_ADMIN, or as root: ip link set tap0 master br1");
  }

  @Test
  void aPersistentTapIsJoinedAgainAndAgain() throws Exception {
    run("ip", "link", "add", "br0", "type", "bridge");
    run("ip", "tuntap", "add", "dev", "tap0", "mode", "tap");

    TapDevice.open(new TapSettings("tap0", 1500, "br0"), 1).close();
    TapDevice.open(new TapSettings("tap0", 1500, "br0"), 1).close();

    assertThat(run("ip", "link", "show", "tap0")).contains("master br0");
  }

  private static TapSettings settings(String device, int mtu) {
    return new TapSettings(device, mtu, null);
  }
}
