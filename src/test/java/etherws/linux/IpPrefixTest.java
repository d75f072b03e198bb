package etherws.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpPrefixTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.1/24, c0000201, 24",
    "192.0.2.1/0, c0000201, 0",
    "255.255.255.255/32, ffffffff, 32",
    "2001:db8::1/64, 20010db8000000000000000000000001, 64",
    "::/128, 00000000000000000000000000000000, 128",
    "64:ff9b::192.0.2.1/96, 0064ff9b0000000000000000c0000201, 96",
  })
  void readsAddressesOfBothKinds(String text, String octets, int length) {
    IpPrefix prefix = IpPrefix.parse(text);

    assertThat(HexFormat.of().formatHex(prefix.address().getAddress())).isEqualTo(octets);
    assertThat(prefix.length()).isEqualTo(length);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "192.0.2.1",
        "192.0.2/24",
        "10/8",
        "192.0.2.1/",
        "192.0.2.1/-1",
        "host/24",
        "fe80::1%lo/64",
        "[2001:db8::1]/64",
        "192.0.2.1/24 ",
        "0x7f.0.0.1/8",
        "192.0.2.1/1234"
      })
  void refusesWhatHasAnotherForm(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpPrefix.parse(text))
        .withMessage(
            "\"%s\" is not an IP address with a prefix length, such as 192.0.2.1/24", text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"192.0.2.256/24", "2001:db8:::1/64", "2001:db8/64", "1:2:3:4:5:6:7:8:9/64"})
  void refusesWhatIsNoAddress(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpPrefix.parse(text))
        .withMessageStartingWith("\"" + text + "\"");
  }

  @Test
  void aPrefixIsNoLongerThanTheAddress() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpPrefix.parse("192.0.2.1/33"))
        .withMessage("\"192.0.2.1/33\": a prefix of 33 bits is none of 192.0.2.1");
    assertThatIllegalArgumentException().isThrownBy(() -> IpPrefix.parse("2001:db8::1/129"));
  }
}
