package etherws.it;

import static etherws.testing.Pair.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Command;
import etherws.testing.Lab;
import etherws.testing.Pair;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The manual's chapter on users and passwords, with files made by Apache's own tool. */
class AuthenticationIT {
  private static final String URI = "ws://" + SERVER + "/";

  private Pair pair;

  @BeforeEach
  void open() throws Exception {
    pair = Pair.open();
  }

  @AfterEach
  void close() throws Exception {
    if (pair != null) {
      pair.close();
    }
  }

  private void htpasswd(String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = "htpasswd";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Command.of(command).succeed();
  }

  @Test
  void everyFormatOfHtpasswdLetsTheRightPasswordInAndTheWrongOneOut() throws Exception {
    String file = pair.file("users");
    htpasswd("-c", "-b", "-s", file, "sha", "pw-sha");
    htpasswd("-b", "-m", file, "md5", "pw-md5");
    htpasswd("-b", "-B", file, "bcrypt", "pw-bcrypt");
    htpasswd("-b", "-2", file, "sha256", "pw-sha256");
    htpasswd("-b", "-5", file, "sha512", "pw:sha512");
    pair.startServer("--htpasswd", file);

    for (String user : new String[] {"sha", "md5", "bcrypt", "sha256"}) {
      assertAccepted(user, "pw-" + user);
    }
    assertAccepted("sha512", "pw:sha512");
    Command.Result wrong = client("md5", "pw-sha");
    assertThat(wrong.status()).isEqualTo(77);
    assertThat(wrong.errors().strip()).isEqualTo("etherws: wrong user or password");
    assertThat(pair.client.command("ip", "link", "show", "ethws0").run().status()).isNotZero();
  }

  private void assertAccepted(String user, String password) throws Exception {
    Command.Result result = client(user, password);
    assertThat(result.status()).as(user + ": " + result.errors()).isZero();
    pair.stop("client");
  }

  /** The password through a pipe, as scripts of 0.4 do it. */
  private Command.Result client(String user, String password) {
    return pair.clientCommand("--uri", URI, "--user", user).input(password + "\n").run();
  }

  @Test
  void aRawRequestGetsThe401OfTheManual() {
    htpasswd("-c", "-b", "-B", pair.file("users"), "alice", "secret");
    pair.startServer("--htpasswd", pair.file("users"));

    String answer =
        pair.client
            .command("socat", "-t", "3", "STDIO", "TCP4:" + SERVER + ":80")
            .input("GET / HTTP/1.1\r\n\r\n")
            .succeed();

    assertThat(answer)
        .startsWith("HTTP/1.1 401 Authorization Required\r\n")
        .containsIgnoringCase("www-authenticate: Basic realm=\"etherws\"\r\n")
        .endsWith("\r\n\r\n");
  }

  @Test
  void theTerminalIsAskedForThePasswordWithoutEcho() throws Exception {
    htpasswd("-c", "-b", "-B", pair.file("users"), "alice", "s3cret");
    pair.startServer("--htpasswd", pair.file("users"));
    String script =
        """
        set timeout 25
        spawn ip netns exec %s %s client --log-file %s --pid-file %s --uri %s --user alice
        expect "Password: "
        send "s3cret\\r"
        expect eof
        exit [lindex [wait] 3]
        """
            .formatted(
                pair.client.name(),
                etherws.testing.Host.ETHERWS,
                pair.file("client.log"),
                pair.file("client.pid"),
                URI);
    Path expect = pair.lab.write("expect", script);

    String dialogue =
        Command.of("expect", expect.toString()).within(Duration.ofSeconds(40)).succeed();

    assertThat(dialogue).contains("Password: ").doesNotContain("s3cret");
    pair.addressClient();
    assertThat(pair.pings()).isTrue();
  }

  @Test
  void theTerminalDoesNotEchoEvenWhenOutputGoesElsewhere() throws Exception {
    htpasswd("-c", "-b", "-B", pair.file("users"), "alice", "s3cret");
    pair.startServer("--htpasswd", pair.file("users"));
    String script =
        """
        set timeout 25
        spawn sh -c {x=$(ip netns exec %s %s client --pid-file %s --uri %s --user alice)}
        expect "Password: "
        send "s3cret\r"
        expect eof
        exit [lindex [wait] 3]
        """
            .formatted(
                pair.client.name(), etherws.testing.Host.ETHERWS, pair.file("client.pid"), URI);
    Path expect = pair.lab.write("expect", script);

    String dialogue =
        Command.of("expect", expect.toString()).within(Duration.ofSeconds(40)).succeed();

    assertThat(dialogue).contains("Password: ").doesNotContain("s3cret");
  }

  @Test
  void controlCAtThePromptEndsItAll() throws Exception {
    String script =
        """
        set timeout 25
        spawn ip netns exec %s %s client --uri %s --user alice
        expect "Password: "
        send "\\003"
        expect eof
        exit [lindex [wait] 3]
        """
            .formatted(pair.client.name(), etherws.testing.Host.ETHERWS, URI);
    Path expect = pair.lab.write("expect", script);

    Command.Result result =
        Command.of("expect", expect.toString()).within(Duration.ofSeconds(40)).run();

    assertThat(result.status()).as(result.toString()).isEqualTo(130);
    assertThat(pair.client.processes()).isEmpty();
  }

  @Test
  void aUserAddedToTheFileGetsInWithoutARestart() {
    htpasswd("-c", "-b", "-B", pair.file("users"), "alice", "secret");
    pair.startServer("--htpasswd", pair.file("users"));

    htpasswd("-b", "-m", pair.file("users"), "bob", "builder");

    assertThat(client("bob", "builder").status()).isZero();
  }

  @Test
  void aBadFileIsAStartupErrorThatNamesTheLine() throws Exception {
    pair.lab.write("users", "alice:$apr1$x$yyyyyyyyyyyyyyyyyyyyyy\nbob\n");

    Command.Result result = pair.server.etherws("server", "--htpasswd", pair.file("users")).run();

    assertThat(result.status()).isEqualTo(65);
    assertThat(result.errors()).contains("users:");
  }

  @Test
  void withoutAPasswordTheErrorSaysWhatToGive() {
    htpasswd("-c", "-b", "-B", pair.file("users"), "alice", "secret");
    pair.startServer("--htpasswd", pair.file("users"));

    Command.Result result = pair.clientCommand("--uri", URI).run();

    assertThat(result.status()).isEqualTo(77);
    assertThat(result.errors()).contains("--user");
  }

  @Test
  void aServerThatAnybodyMayJoinSaysSoLoudly() {
    Command.Result result =
        pair.server.etherws("server", "--log-file", pair.file("server.log")).run();

    assertThat(result.status()).isZero();
    assertThat(result.errors()).contains("NO AUTHENTICATION");
    Lab.await("it runs", Duration.ofSeconds(1), () -> !pair.server.processes().isEmpty());
  }
}
