package etherws.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TapSettingsTest {
  @ParameterizedTest
  @ValueSource(strings = {"ethws%d", "tap0", "a", "exactly15chars_", "vpn.lan-1", "%d", "x%dy"})
  void takesNamesAndPatternsThatLinuxTakes(String device) {
    assertThat(new TapSettings(device, 1500, null).device()).isEqualTo(device);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "..", "eth/0", "eth:0", "eth 0", "eth\t0", "eth%s", "%d%d", "a%", "tapé"})
  void refusesAnyOtherInOneLine(String device) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TapSettings(device, 1500, null))
        .withMessage("device name \"%s\" is not one that Linux accepts", device);
  }

  @Test
  void refusesANameThatIsTooLong() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TapSettings("sixteen_letters_", 1500, null))
        .withMessage("device name \"sixteen_letters_\" is longer than 15 characters");
  }

  @Test
  void aBridgeIsANameAndNoPattern() {
    assertThat(new TapSettings("ethws%d", 1500, "br0").bridge()).isEqualTo("br0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TapSettings("ethws%d", 1500, "br%d"))
        .withMessage("bridge name \"br%d\" is not one that Linux accepts");
  }

  @ParameterizedTest
  @ValueSource(ints = {67, 65_522, 0, -1})
  void refusesAnMtuThatATapCannotHave(int mtu) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TapSettings("ethws%d", mtu, null))
        .withMessage("MTU " + mtu + " is not within 68 to 65521");
  }

  @ParameterizedTest
  @ValueSource(ints = {68, 1500, 9000, 65_521})
  void takesEveryOtherMtu(int mtu) {
    assertThat(new TapSettings("ethws%d", mtu, null).mtu()).isEqualTo(mtu);
  }
}
