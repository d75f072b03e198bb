package etherws.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterTest {
  private static final Map<String, byte[]> FRAMES = new LinkedHashMap<>();

  static {
    FRAMES.put("arp", Samples.ARP);
    FRAMES.put("tcp4", Samples.TCP4);
    FRAMES.put("udp4", Samples.UDP4);
    FRAMES.put("frag4", Samples.FRAGMENT4);
    FRAMES.put("icmp4", Samples.ICMP4);
    FRAMES.put("tag10", Samples.TAGGED_TCP4);
    FRAMES.put("qinq6", Samples.DOUBLE_TAGGED_UDP6);
    FRAMES.put("icmp6", Samples.ICMP6);
    FRAMES.put("opt6", Samples.OPTIONS_UDP6);
    FRAMES.put("other", Samples.OTHER);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "arp                               | arp",
        "ip                                | tcp4 udp4 frag4 icmp4 tag10",
        "ip6                               | qinq6 icmp6 opt6",
        "tcp                               | tcp4 tag10",
        "udp                               | udp4 frag4 qinq6 opt6",
        "icmp                              | icmp4",
        "icmp6                             | icmp6",
        "port 53                           | udp4 qinq6 opt6",
        "udp src port 53                   | udp4 qinq6 opt6",
        "udp dst port 53                   | qinq6 opt6",
        "tcp port 80                       | tcp4 tag10",
        "tcp src port 80                   |",
        "dst port 80                       | tcp4 tag10",
        "udp port 80                       |",
        "vlan                              | tag10 qinq6",
        "vlan 10                           | tag10",
        "vlan 20                           | qinq6",
        "vlan 100                          | qinq6",
        "vlan 0                            |",
        "broadcast                         | arp",
        "ether broadcast                   | arp",
        "multicast                         | arp icmp6",
        "ether dst ff:ff:ff:ff:ff:ff       | arp",
        "ether src 02:00:00:00:00:0b       |",
        "not ether host 02:00:00:00:00:0b  | arp icmp6",
        "host 192.0.2.1 and not ip         | arp",
        "src 192.0.2.1 and tcp             | tcp4 tag10",
        "dst host 192.0.2.1                |",
        "dst 192.0.2.2                     | arp tcp4 udp4 frag4 icmp4 tag10",
        "host 2001:db8::1                  | qinq6 icmp6 opt6",
        "src host 2001:db8::2              |",
        "arp or icmp or icmp6              | arp icmp4 icmp6",
        "ip and (icmp or vlan 10)          | icmp4 tag10",
        "(arp)                             | arp",
        "!ip && !ip6 && !arp               | other",
        "arp or tcp and vlan               | tag10",
        "arp or (tcp and vlan)             | arp tag10",
        "not arp and not ip                | qinq6 icmp6 opt6 other",
        "not (arp or ip or ip6)            | other",
      })
  void acceptsExactly(String expression, String expected) throws FilterException {
    FrameFilter filter = FrameFilter.parse(expression);

    List<String> accepted =
        FRAMES.entrySet().stream()
            .filter(frame -> Samples.accepts(filter, frame.getValue()))
            .map(Map.Entry::getKey)
            .toList();

    assertThat(String.join(" ", accepted)).isEqualTo(expected == null ? "" : expected);
  }

  @Test
  void nothingSaidAcceptsAll() throws FilterException {
    assertThat(FRAMES.values())
        .allMatch(frame -> accepts("", frame))
        .allMatch(frame -> accepts("  ", frame));
  }

  private static boolean accepts(String expression, byte[] frame) {
    try {
      return Samples.accepts(FrameFilter.parse(expression), frame);
    } catch (FilterException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "arp foo                | 5  | follows a complete condition | and or or",
        "foo                    | 1  | unknown word 'foo'           | conditions:",
        "arp and                | 8  | missing at the end           | conditions:",
        "not                    | 4  | missing at the end           | conditions:",
        "(arp                   | 5  | not closed                   | add )",
        "arp)                   | 4  | follows a complete condition | join",
        "ether 02:00            | 7  | ether of what?               | ether src MAC",
        "ether host 02:00       | 12 | no MAC address               | 02:00:5e:10:00:01",
        "ether src              | 10 | no MAC address               | 02:00:5e:10:00:01",
        "vlan 4096              | 6  | no number from 0 to 4095     | a VID",
        "tcp port http          | 10 | no number from 0 to 65535    | a port number",
        "tcp port 65536         | 10 | no number from 0 to 65535    | a port number",
        "tcp src 80             | 9  | port is missing              | tcp src port 80",
        "host example.com       | 6  | no IP address                | not looked up",
        "host                   | 5  | no IP address                | 192.0.2.1",
      })
  void saysWhereAnExpressionIsWrong(String expression, int column, String what, String hint) {
    assertThatThrownBy(() -> FrameFilter.parse(expression))
        .isInstanceOfSatisfying(
            FilterException.class,
            problem -> {
              assertThat(problem.column()).isEqualTo(column);
              assertThat(problem.hint()).contains(hint);
            })
        .hasMessageContaining(what);
  }

  @Test
  void refusesWhatWouldOverflowTheStack() {
    assertThatThrownBy(() -> FrameFilter.parse("(".repeat(1000)))
        .hasMessageContaining("nested too deep");
    assertThatThrownBy(() -> FrameFilter.parse("arp or ".repeat(1000) + "arp"))
        .hasMessageContaining("too long");
  }

  @Test
  void decidesAboutFramesThatAreCutAnywhereAndAboutNoise() throws FilterException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    FrameFilter filter =
        FrameFilter.parse(
            "port 1 or host 192.0.2.9 or host 2001:db8::9 or vlan 9 or icmp or icmp6 or tcp");
    List<byte[]> frames = new ArrayList<>(FRAMES.values());
    for (int i = 0; i < 5_000; i++) {
      byte[] whole = frames.get(random.nextInt(frames.size())).clone();
      whole[12 + random.nextInt(whole.length - 12)] = (byte) random.nextInt();
      int length = 14 + random.nextInt(whole.length - 13);
      assertThat(Samples.accepts(filter, Arrays.copyOf(whole, length)))
          .as("seed %d", seed)
          .isIn(true, false);
    }
  }
}
