package etherws.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etherws.control.CtlSettings;
import etherws.node.NodeSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SwCommandTest {
  private static NodeSettings settings(String... words) {
    CommandLine line = Etherws.line();
    line.parseArgs(Stream.concat(Stream.of("sw"), Stream.of(words)).toArray(String[]::new));
    CommandLine sw = requireNonNull(line.getSubcommands().get("sw"));
    return ((SwCommand) sw.getCommand()).settings();
  }

  @Test
  void hasTheDefaultsOfEtherws1() {
    NodeSettings settings = settings();

    assertThat(settings.listeners().getFirst().settings().addresses())
        .containsExactly(new InetSocketAddress(80));
    assertThat(settings.networks().getFirst().path()).isEqualTo("/");
    assertThat(settings.networks().getFirst().taps()).isEmpty();
    assertThat(settings.networks().getFirst().bridge().ageing()).isEqualTo(Duration.ofMinutes(5));
    assertThat(settings.control().ctl())
        .isEqualTo(
            new CtlSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 7867),
                "/ctl",
                "default",
                null,
                null,
                null));
  }

  @Test
  void listensOn443WithTls() {
    NodeSettings settings = settings("--sslkey", "/k", "--sslcert", "/c");

    assertThat(settings.listeners().getFirst().settings().addresses())
        .containsExactly(new InetSocketAddress(443));
  }

  @Test
  void refusesWhatEtherws1Refused() {
    assertThatThrownBy(() -> settings("--ageout", "0")).hasMessageContaining("--ageout 0");
    assertThatThrownBy(() -> settings("--ctlsslkey", "/k"))
        .hasMessageContaining("Both ctlsslkey and ctlsslcert are required");
    assertThatThrownBy(() -> settings("--ctlpath", "ctl")).hasMessageContaining("--ctlpath ctl");
  }
}
