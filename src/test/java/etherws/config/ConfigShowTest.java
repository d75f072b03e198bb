package etherws.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings in effect, as text that says where they are from. */
class ConfigShowTest {
  @TempDir private Path folder;

  @BeforeEach
  void writeExample() throws IOException {
    Example.in(folder);
  }

  @Test
  void theExampleIsTheSameAfterwards() throws Exception {
    assertReadsBack(Example.text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[network.lab]",
        "[network.\"a.b\"]\n[user.\"bob smith\"]\nexpires = 2027-02-03",
        "[network.lab.clients]\ntagged = \"all\"\nsteal-hold = \"1500ms\"\nrate-egress = 64001",
        "control.socket = false\n[network.lab]\nageing = \"2h\"",
        "[network.lab]\nuplink = [{ uri = \"ws://a%20b@[::1]:443?x\", password-file = \"users\" }]",
        "[network.lab]\nuplink = [{ uri = \"ws://h/\", proxy = \"none\", header = \"X-A: \\\"b\\\"\" }]",
        "[network.lab]\nstream = [{ connect = \"tcp:[::1]:5\" }, { connect = \"tcp:host:5\" }]",
        "[[listen]]\naddress = [\"::1\", \"127.0.0.1\"]\n[network.lab]\npath = \"/\\\"\\\\\""
      })
  void whatIsOddIsTheSameAfterwards(String text) throws Exception {
    assertReadsBack(text);
  }

  @Test
  void aValueOfTheFileNamesItsLine() throws Exception {
    assertThat(show("[network.lab]\n\nmax-clients = 7"))
        .containsPattern("(?m)^max-clients = 7 +# hub.toml:3$");
  }

  @Test
  void aDefaultIsCalledSo() throws Exception {
    assertThat(show("[network.lab]"))
        .containsPattern("(?m)^path = \"/lab\" +# default$")
        .containsPattern("(?m)^mac-limit = 1024 +# default$")
        .containsPattern("(?m)^# pvid: none$");
  }

  @Test
  void aUserNamesTheSectionsThatTheRestIsFrom() throws Exception {
    assertThat(show("[user.alice]\nmac-limit = 3\n[network.lab]\n[network.guest]"))
        .contains(
            """
            [user.alice]
            mac-limit = 3                           # hub.toml:2
            # else as [network.lab.clients]
            # else as [network.guest.clients]
            """);
  }

  @Test
  void noSecretIsShown() throws Exception {
    assertThat(new ConfigFile(folder.resolve("hub.toml"), Example.NO_PROMPT).show())
        .contains("east.password")
        .doesNotContain("secret");
  }

  private void assertReadsBack(String text) throws Exception {
    NodeConfig before = read(text);
    String shown = show(text);
    NodeConfig after = read(shown);

    assertThat(after.node()).as(shown).isEqualTo(before.node());
    assertThat(after.log()).isEqualTo(before.log());
    assertThat(show(shown).replaceAll(" +# .*", "")).isEqualTo(shown.replaceAll(" +# .*", ""));
  }

  private NodeConfig read(String text) throws Exception {
    return file(text).read();
  }

  private String show(String text) throws Exception {
    return file(text).show();
  }

  private ConfigFile file(String text) throws IOException {
    return new ConfigFile(Files.writeString(folder.resolve("hub.toml"), text), Example.NO_PROMPT);
  }
}
