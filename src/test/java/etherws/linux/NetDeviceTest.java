package etherws.linux;

import static etherws.testing.PrivateNetwork.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import etherws.testing.PrivateNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PrivateNetwork.class)
class NetDeviceTest {
  private final NetDevice tap = new NetDevice("tap0");

  @Test
  void goesUpAndDown() throws Exception {
    run("ip", "tuntap", "add", "dev", "tap0", "mode", "tap");
    assertThat(tap.isUp()).isFalse();

    tap.setUp();
    assertThat(run("ip", "-br", "link", "show", "tap0")).contains("UP");
    assertThat(tap.isUp()).isTrue();

    tap.setDown();
    assertThat(tap.isUp()).isFalse();
  }

  @Test
  void changesTheMtu() throws Exception {
    run("ip", "tuntap", "add", "dev", "tap0", "mode", "tap");
    assertThat(tap.mtu()).isEqualTo(1500);

    tap.setMtu(9000);

    assertThat(tap.mtu()).isEqualTo(9000);
    assertThat(run("ip", "link", "show", "tap0")).contains("mtu 9000");
  }

  @Test
  void joinsABridgeOnce() throws Exception {
    run("ip", "tuntap", "add", "dev", "tap0", "mode", "tap");
    run("ip", "link", "add", "br0", "type", "bridge");

    tap.joinBridge("br0");
    assertThat(run("ip", "link", "show", "tap0")).contains("master br0");

    tap.joinBridge("br0");
    assertThat(run("ip", "link", "show", "tap0")).contains("master br0");
  }

  @Test
  void saysWhyItCannotJoinABridge() throws Exception {
    run("ip", "tuntap", "add", "dev", "tap0", "mode", "tap");
    run("ip", "link", "add", "br0", "type", "bridge");
    run("ip", "link", "add", "br1", "type", "bridge");
    run("ip", "link", "set", "tap0", "master", "br1");

    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(() -> tap.joinBridge("br0"))
        .withMessage(
            "SIOCBRADDIF br0: Device or resource busy (EBUSY);"
                + " tap0 belongs to another bridge: ip link set tap0 nomaster");
    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(() -> tap.joinBridge("br9"))
        .withMessage(
            "SIOCBRADDIF br9: No such device (ENODEV);"
                + " create the bridge first: ip link add br9 type bridge");
    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(() -> tap.joinBridge("lo"))
        .withMessage(
            "SIOCBRADDIF lo: Operation not supported (EOPNOTSUPP);"
                + " lo is not a bridge that tap0 can join");
  }

  @Test
  void namesTheDeviceThatIsMissing() {
    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(tap::index)
        .withMessage("SIOCGIFINDEX tap0: No such device (ENODEV)");
  }
}
