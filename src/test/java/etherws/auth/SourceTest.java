package etherws.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SourceTest {
  @Test
  void anIpv4AddressIsOneSource() throws Exception {
    assertThat(source("c0000201")).isEqualTo(source("c0000201")).isNotEqualTo(source("c0000202"));
  }

  @Test
  void anIpv6NetworkOf64BitsIsOneSource() throws Exception {
    assertThat(source("20010db8000000010000000000000001"))
        .isEqualTo(source("20010db800000001ffffffffffffffff"))
        .isNotEqualTo(source("20010db8000000020000000000000001"));
  }

  @Test
  void anIpv4AddressIsTheSameInsideIpv6() throws Exception {
    byte[] mapped = HexFormat.of().parseHex("00000000000000000000ffffc0000201");
    assertThat(Source.of(Inet6Address.getByAddress(null, mapped, -1)))
        .isEqualTo(source("c0000201"));
  }

  @Test
  void theTwoFamiliesNeverMeet() throws Exception {
    assertThat(source("00000000000000000000000000000001")).isNotEqualTo(source("00000000"));
  }

  private static Source source(String hex) throws UnknownHostException {
    return Source.of(InetAddress.getByAddress(HexFormat.of().parseHex(hex)));
  }
}
