package etherws.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.Inet6Address;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubnetTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.0.1, true",
    "10.0.0.0/8, 11.0.0.1, false",
    "10.1.128.0/17, 10.1.128.0, true",
    "10.1.128.0/17, 10.1.127.255, false",
    "192.0.2.1, 192.0.2.1, true",
    "192.0.2.1, 192.0.2.2, false",
    "0.0.0.0/0, 203.0.113.9, true",
    "0.0.0.0/0, 2001:db8::1, false",
    "2001:db8::/32, 2001:db8:ffff::1, true",
    "2001:db8::/32, 2001:db9::1, false",
    "::1, ::1, true",
    "::/0, 192.0.2.1, false",
  })
  void containsTheAddressesThatBeginWithItsBits(String subnet, String address, boolean contained) {
    assertThat(Subnet.parse(subnet).contains(InetAddress.ofLiteral(address))).isEqualTo(contained);
  }

  @Test
  void anIpv4AddressInIpv6IsAnIpv4Address() throws Exception {
    byte[] octets = new byte[16];
    octets[10] = octets[11] = (byte) 0xff;
    octets[12] = 10;
    InetAddress mapped = Inet6Address.getByAddress(null, octets, -1);

    assertThat(Subnet.parse("10.0.0.0/8").contains(mapped)).isTrue();
    assertThat(Subnet.parse("::/0").contains(mapped)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "proxy.example", "10.0.0.0/33", "10/8", "::/129", "*", "fe80::1%lo"})
  void refusesWhatIsNone(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Subnet.parse(text))
        .withMessage(
            "\"%s\" is no address or subnet, such as 192.0.2.1 or 10.0.0.0/8".formatted(text));
  }

  @Test
  void asksWhatIsMeantByAnAddressWithAShorterLength() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Subnet.parse("10.1.2.3/8"))
        .withMessage("\"10.1.2.3/8\" is no subnet: 10.0.0.0/8 or 10.1.2.3?");
  }

  @Test
  void printsWhatItReads() {
    assertThat(Subnet.parse("10.0.0.0/8")).hasToString("10.0.0.0/8");
    assertThat(Subnet.parse("192.0.2.1")).hasToString("192.0.2.1/32");
  }
}
