package etherws.it;

import static etherws.testing.Pair.SERVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import etherws.linux.NotifyListener;
import etherws.linux.ThreadStatus;
import etherws.testing.Command;
import etherws.testing.Figure;
import etherws.testing.Host;
import etherws.testing.Lab;
import etherws.testing.Pair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Once all is up the process may do no more than any other of its user, on every thread. */
class PrivilegeIT {
  private static final int NOBODY = 65534;
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String[] AS_NOBODY = {
    "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"
  };

  private Pair pair;

  @BeforeEach
  void open() throws Exception {
    pair = Pair.open();
    Files.setPosixFilePermissions(pair.folder(), PosixFilePermissions.fromString("rwxr-xr-x"));
    assumeTrue(
        Command.of(words(AS_NOBODY, "test", "-r", Host.ETHERWS)).run().status() == 0,
        "needs root that can become nobody, and a folder that nobody can read: ./test as root");
  }

  @AfterEach
  void close() throws Exception {
    if (pair != null) {
      pair.close();
    }
  }

  @Test
  void whoRunsAsNobodyHoldsNothingOnAnyThread() throws Exception {
    pair.startServer("--run-as", "nobody");
    pair.startClient("--run-as", "nobody:daemon", "--uri", "ws://" + SERVER + "/");
    assertThat(pair.pings()).isTrue();

    List<ThreadStatus> server = threads(pair.process("server").pid());
    assertThat(server).allMatch(thread -> thread.isOf(NOBODY, NOBODY));
    assertThat(server).allSatisfy(PrivilegeIT::holdsNothing);
    List<ThreadStatus> client = threads(pair.process("client").pid());
    assertThat(client).allMatch(thread -> thread.isOf(NOBODY, 1));
    assertThat(client).allSatisfy(PrivilegeIT::holdsNothing);
    Figure.print(
        "--run-as: threads without any capability, bounding set, new privileges",
        "%d of %d",
        server.size() + client.size(),
        server.size() + client.size());
  }

  @Test
  void whoRunsAsNobodyConnectsAgain() throws Exception {
    pair.startServer();
    pair.startClient("--run-as", "nobody", "--uri", "ws://" + SERVER + "/");
    pair.stop("server");

    pair.startServer("--run-as", "nobody");

    Lab.await("they meet again", SOON, pair::pings);
    pair.stop("client");
    assertThat(pair.client.command("ip", "link", "show", "ethws0").run().status()).isNotZero();
  }

  @Test
  void withATapOfItsUserItStartsWithoutCapabilitiesAndNeverGainsOne() throws Exception {
    pair.server.run("ip", "tuntap", "add", "dev", "tap0", "mode", "tap", "user", "nobody");
    pair.server.run("ip", "link", "set", "tap0", "up");
    pair.server.run("ip", "addr", "add", Pair.SERVER_TAP + "/24", "dev", "tap0");

    Process server =
        start(
            words(
                AS_NOBODY,
                Host.ETHERWS,
                "server",
                "--foreground",
                "--device",
                "tap0",
                "--port",
                "8080"));
    Lab.await(
        "it is nobody's", SOON, () -> threads(server.pid()).stream().allMatch(this::isNobodys));
    Lab.await(
        "it listens",
        SOON,
        () -> {
          assertThat(threads(server.pid())).allMatch(ThreadStatus::isPowerless);
          return read("server.log").contains("listening");
        });
    pair.startClient("--uri", "ws://" + SERVER + ":8080/");

    assertThat(pair.pings()).isTrue();
    assertThat(threads(server.pid())).hasSizeGreaterThan(8).allMatch(ThreadStatus::isPowerless);
    server.destroy();
    assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(server.exitValue()).isZero();
  }

  private boolean isNobodys(ThreadStatus thread) {
    return thread.isOf(NOBODY, NOBODY);
  }

  /** With the capabilities of {@code etherws-server.service}, which end when it is up. */
  @Test
  void aServiceManagerHearsHowItIs() throws Exception {
    Path socket = pair.lab.file("notify");
    try (NotifyListener systemd = new NotifyListener(socket.toString())) {
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rwxrwxrwx"));
      String some = "=-all,+net_admin,+net_bind_service";
      Process server =
          start(
              words(
                  words(
                      new String[] {"env", "NOTIFY_SOCKET=" + socket, "WATCHDOG_USEC=1000000"},
                      AS_NOBODY),
                  "--inh-caps" + some,
                  "--ambient-caps" + some,
                  "--bounding-set" + some,
                  "--no-new-privs",
                  Host.ETHERWS,
                  "server",
                  "--foreground",
                  "--run-as",
                  "nobody"));

      assertThat(systemd.next(SOON)).isEqualTo("READY=1\nSTATUS=networks: default");
      assertThat(threads(server.pid()))
          .allSatisfy(thread -> {
            assertThat(thread.isPowerless()).isTrue();
            assertThat(thread.hasNoNewPrivileges()).isTrue();
            assertThat(thread.isFiltered()).isTrue();
          });
      for (int beat = 0; beat < 3; beat++) {
        assertThat(systemd.next(Duration.ofSeconds(1))).isEqualTo("WATCHDOG=1");
      }

      signal("HUP", server);
      assertThat(after("WATCHDOG=1", systemd)).startsWith("RELOADING=1\nMONOTONIC_USEC=");
      assertThat(after("WATCHDOG=1", systemd)).startsWith("READY=1\n");

      signal("TERM", server);
      assertThat(after("WATCHDOG=1", systemd)).startsWith("STOPPING=1\n");
      assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(server.exitValue()).isZero();
    }
  }

  @Test
  void rootMakesNoSocketInTheSystemsFolderIfThatIsSomebodyElses() throws Exception {
    Path file = pair.lab.write("hub.toml", "[[listen]]\nport = 8080\n[network.lab]\n");
    String other =
        "mount -t tmpfs none /run && mkdir /run/etherws && chown nobody /run/etherws"
            + " && exec \"$@\"";

    Command.Result result =
        pair.server
            .command(
                "unshare",
                "-m",
                "sh",
                "-c",
                other,
                "sh",
                Host.ETHERWS,
                "run",
                "--foreground",
                file.toString())
            .run();

    assertThat(result.status()).isNotZero();
    assertThat(result.output() + result.errors())
        .contains("/run/etherws belongs to nobody, who could mislead root there");
  }

  @Test
  void whoIsNotRootCannotBecomeOthers() {
    Command.Result result =
        pair.server
            .command(words(AS_NOBODY, Host.ETHERWS, "sw", "--port", "8080", "--run-as", "daemon"))
            .run();

    assertThat(result.status()).isEqualTo(77);
    assertThat(result.errors())
        .contains("etherws: initgroups daemon: Operation not permitted (EPERM); start it as root");
  }

  /** On the server, where as usual everybody may open /dev/net/tun. */
  private Process start(String... command) {
    String node =
        "mknod %1$s c 10 200 && chmod 666 %1$s && mount --bind %1$s /dev/net/tun && exec \"$@\""
            .formatted(pair.file("tun"));
    return pair.server
        .command(words(new String[] {"sh", "-c", node, "sh"}, command))
        .start(pair.lab.file("server.log"));
  }

  private static void holdsNothing(ThreadStatus thread) {
    assertThat(thread.isPowerless()).as(thread.name()).isTrue();
    assertThat(thread.capabilities("CapBnd")).as(thread.name()).isZero();
    assertThat(thread.hasNoNewPrivileges()).as(thread.name()).isTrue();
    assertThat(thread.isFiltered()).as(thread.name()).isTrue();
  }

  private static List<ThreadStatus> threads(long pid) {
    return ThreadStatus.of(Long.toString(pid));
  }

  /** What comes when the repetitions of {@code noise} are over. */
  private static String after(String noise, NotifyListener systemd) {
    String heard = noise;
    while (heard.equals(noise)) {
      heard = systemd.next(SOON);
    }
    return heard;
  }

  private static void signal(String name, Process process) {
    Command.of("kill", "-" + name, Long.toString(process.pid())).succeed();
  }

  private String read(String name) {
    try {
      return pair.read(name);
    } catch (java.io.IOException e) {
      return "";
    }
  }

  private static String[] words(String[] first, String... then) {
    return Stream.concat(Stream.of(first), Stream.of(then)).toArray(String[]::new);
  }
}
