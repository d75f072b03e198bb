package etherws.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etherws.node.NodeSettings;
import etherws.tunnel.Subnet;
import etherws.tunnel.TrustedProxies;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ServerCommandTest {
  private static NodeSettings settings(String... words) throws Exception {
    CommandLine line = Etherws.line();
    line.parseArgs(Stream.concat(Stream.of("server"), Stream.of(words)).toArray(String[]::new));
    CommandLine server = requireNonNull(line.getSubcommands().get("server"));
    return ((ServerCommand) server.getCommand()).settings();
  }

  private static TrustedProxies proxies(String... words) throws Exception {
    return settings(words).listeners().getFirst().settings().proxies();
  }

  @Test
  void trustsNoProxyUnlessToldTo() throws Exception {
    assertThat(proxies()).isEqualTo(TrustedProxies.NONE);
  }

  @Test
  void trustsTheProxiesItIsTold() throws Exception {
    Set<Subnet> subnets = Set.of(Subnet.parse("127.0.0.1"), Subnet.parse("2001:db8::/32"));

    assertThat(proxies("--trusted-proxy", "127.0.0.1", "--trusted-proxy=2001:db8::/32"))
        .isEqualTo(new TrustedProxies(subnets, false));
    assertThat(
            proxies(
                "--trusted-proxy=127.0.0.1", "--trusted-proxy=2001:db8::/32", "--proxy-protocol"))
        .isEqualTo(new TrustedProxies(subnets, true));
  }

  @Test
  void saysWhatIsWrongWithAProxy() {
    assertThatThrownBy(() -> settings("--proxy-protocol"))
        .hasMessage("--proxy-protocol needs --trusted-proxy: who may tell a client's address");
    assertThatThrownBy(() -> settings("--trusted-proxy", "proxy.example"))
        .hasMessage(
            "--trusted-proxy \"proxy.example\" is no address or subnet, such as 192.0.2.1 or"
                + " 10.0.0.0/8");
  }
}
