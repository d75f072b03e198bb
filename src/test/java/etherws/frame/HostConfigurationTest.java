package etherws.frame;

import static etherws.frame.HostConfiguration.DHCP;
import static etherws.frame.HostConfiguration.NONE;
import static etherws.frame.HostConfiguration.ROUTER;
import static etherws.frame.HostConfiguration.UNDETERMINABLE;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Frames;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostConfigurationTest {
  private static final String STATIONS = "333300000001 02000000000a ";
  private static final String RA = "86000000";

  private static HostConfiguration of(String hex) {
    return HostConfiguration.of(Frames.view(octets(hex)));
  }

  private static byte[] octets(String hex) {
    String all = STATIONS + hex.replace("IPV4", ipv4("0000")).replace("IPV6", ipv6());
    return HexFormat.of().parseHex(all.replace(" ", ""));
  }

  private static String ipv4(String fragment) {
    return "4500 001c 0000 " + fragment + " 4011 0000 0a000001 ffffffff";
  }

  /** But for the next header, which comes behind the payload length. */
  private static String ipv6() {
    return "60000000 0004";
  }

  private static String next(String header) {
    return header + "ff" + "00".repeat(32);
  }

  @ParameterizedTest
  @CsvSource({
    "0043, 0044, DHCP",
    "1234, 0044, DHCP",
    "0044, 0043, NONE",
    "0043, 0043, NONE",
    "0044, 0222, NONE"
  })
  void knowsADhcpServerByWhomItTalksTo(String from, String to, HostConfiguration kind) {
    assertThat(of("0800 IPV4" + from + to + "0008 0000")).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({"0223, 0222, DHCP", "0222, 0223, NONE", "0043, 0044, NONE"})
  void knowsADhcpv6Server(String from, String to, HostConfiguration kind) {
    assertThat(of("86dd IPV6" + next("11") + from + to + "0008 0000")).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({"85, NONE", "86, ROUTER", "87, NONE", "88, NONE", "89, ROUTER", "80, NONE"})
  void knowsARouter(String type, HostConfiguration kind) {
    assertThat(of("86dd IPV6" + next("3a") + type + "000000")).isEqualTo(kind);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8100000a 86dd",
        "88a8000a 8100000b 86dd",
        "81000000 81000000 81000000 81000000 86dd",
        "0034 aaaa03000000 86dd",
        "81000000 0034 aaaa03000000 86dd",
        "81000000 0034 aaaa03000000 81000000 86dd"
      })
  void seesThroughTagsAndSnap(String headers) {
    assertThat(of(headers + "IPV6" + next("3a") + RA)).isEqualTo(ROUTER);
    assertThat(of(headers + "IPV6" + next("3a") + "80000000")).isEqualTo(NONE);
  }

  @Test
  void seesThroughExtensionHeaders() {
    String options = "3c00 000000000000" + "2b00 000000000000" + "3a01" + "00".repeat(14);

    assertThat(of("86dd IPV6" + next("00") + options + RA)).isEqualTo(ROUTER);
    assertThat(of("86dd IPV6" + next("00") + options + "80000000")).isEqualTo(NONE);
    assertThat(of("86dd IPV6" + next("33") + "3a01 0000" + "00".repeat(8) + RA))
        .as("authentication header")
        .isEqualTo(ROUTER);
  }

  @Test
  void knowsTheFirstFragmentAndLetsTheRestPass() {
    assertThat(of("86dd IPV6" + next("2c") + "3a00 0001 00000001" + RA)).isEqualTo(ROUTER);
    assertThat(of("86dd IPV6" + next("2c") + "3a00 0000 00000001" + RA)).isEqualTo(ROUTER);
    assertThat(of("86dd IPV6" + next("2c") + "3a00 0009 00000001" + RA)).isEqualTo(NONE);
  }

  @Test
  void trustsNoFirstFragmentThatHidesWhatItIs() {
    assertThat(of("86dd IPV6" + next("2c") + "3c00 0001 00000001")).isEqualTo(UNDETERMINABLE);
    assertThat(of("86dd IPV6" + next("2c") + "3c00 0001 00000001" + "3a04" + "00".repeat(6)))
        .as("its options end in the next")
        .isEqualTo(ROUTER);
    assertThat(of("86dd IPV6" + next("00") + "0000 000000000000".repeat(9) + RA))
        .as("as many headers as nobody needs")
        .isEqualTo(UNDETERMINABLE);
    assertThat(of("0800" + ipv4("2000"))).as("no ports in it").isEqualTo(DHCP);
    assertThat(of("0800" + ipv4("0001") + "0043 0044 0008 0000")).isEqualTo(NONE);
    assertThat(of("81000000".repeat(9) + "86dd IPV6" + next("3a") + RA)).isEqualTo(UNDETERMINABLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0806 0001", "0800", "86dd", "0800 45", "88b5 00000000", "8100", "0026 4242"})
  void takesAnythingElseForHarmless(String octets) {
    assertThat(of(octets)).isEqualTo(NONE);
  }

  @Test
  void readsNothingBehindAnyFrame() {
    SplittableRandom random = new SplittableRandom(3);
    String[] shapes = {
      "0800 IPV4 00430044 00080000",
      "8100000a 86dd IPV6" + next("00") + "2c00 000000000000 3a00 0001 00000001" + RA,
      "0034 aaaa03000000 86dd IPV6" + next("11") + "0223 0222 0008 0000"
    };
    for (String shape : shapes) {
      byte[] whole = octets(shape);
      for (int length = EthernetFrame.HEADER_LENGTH; length <= whole.length; length++) {
        for (int i = 0; i < 50; i++) {
          byte[] cut = Arrays.copyOf(whole, length);
          cut[random.nextInt(12, length)] = (byte) random.nextInt();
          HostConfiguration.of(Frames.view(cut));
        }
      }
    }
  }
}
