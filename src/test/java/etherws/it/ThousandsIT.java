package etherws.it;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Certificates;
import etherws.testing.Command;
import etherws.testing.Crowd;
import etherws.testing.Figure;
import etherws.testing.Host;
import etherws.testing.Lab;
import etherws.testing.LoopbackServer;
import etherws.testing.Usage;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ten thousand clients that do nothing but stay, on one machine with the server. */
@Tag("long")
class ThousandsIT {
  private static final int CLIENTS = 10_000;

  /** Who is there already when memory is measured first, so that code and pools are. */
  private static final int FIRST = 200;

  private Lab lab;
  private Host host;

  @BeforeEach
  void open() throws Exception {
    lab = Lab.open();
    host = lab.host("h");
    host.run("sysctl", "-qw", "net.ipv4.tcp_tw_reuse=1");
  }

  @AfterEach
  void close() throws Exception {
    if (lab != null) {
      lab.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"plain, 40, 15", "TLS, 80, 60"})
  void tenThousandFitAndComeBackAllAtOnce(String kind, int mostKib, int mostSeconds)
      throws Exception {
    boolean tls = kind.equals("TLS");
    String[] options = tls ? tls() : new String[0];
    Usage server = start(options);
    try (Crowd crowd = new Crowd(host, LoopbackServer.PORT, tls, _ -> null)) {
      crowd.join(FIRST);
      crowd.awaitUp(FIRST, Duration.ofSeconds(20));
      long before = server.settledKib();
      long start = System.nanoTime();
      crowd.join(CLIENTS - FIRST);
      crowd.awaitUp(CLIENTS, Duration.ofSeconds(120));
      double came = seconds(start);
      double cpu = server.cpuDuring(Duration.ofSeconds(20));
      double kib = (server.settledKib() - before) / (double) (CLIENTS - FIRST);
      assertThat(crowd.lost()).isZero();

      server.process().destroyForcibly();
      Lab.await("they are out", Duration.ofSeconds(20), () -> crowd.up() == 0);
      start(options);
      long restarted = System.nanoTime();
      crowd.awaitUp(CLIENTS, Duration.ofSeconds(120));
      double back = seconds(restarted);

      Figure.print(
          "10,000 clients, " + kind,
          "%.1f KiB each (at most %d); came in %.1f s, back %.1f s after the server was (at most"
              + " %d); idle with pings they take %.1f %% of a core",
          kib,
          mostKib,
          came,
          back,
          mostSeconds,
          cpu * 5);
      assertThat(kib).isLessThan(mostKib);
      assertThat(back).isLessThan(mostSeconds);
    }
  }

  @Test
  void tenThousandWithPasswordsComeBackAllAtOnce() throws Exception {
    List<String> lines = new ArrayList<>();
    String hash =
        Command.of("htpasswd", "-n", "-b", "-m", "u", "secret").succeed().strip().substring(2);
    for (int i = 0; i < CLIENTS; i++) {
      lines.add("user" + i + ":" + hash);
    }
    Files.write(lab.file("users"), lines);
    String[] options = {"--htpasswd", lab.file("users").toString()};
    Usage server = start(options);
    try (Crowd crowd = new Crowd(host, LoopbackServer.PORT, false, i -> "user" + i + ":secret")) {
      long start = System.nanoTime();
      crowd.join(CLIENTS);
      crowd.awaitUp(CLIENTS, Duration.ofSeconds(120));
      double came = seconds(start);

      server.process().destroyForcibly();
      Lab.await("they are out", Duration.ofSeconds(20), () -> crowd.up() == 0);
      start(options);
      long restarted = System.nanoTime();
      crowd.awaitUp(CLIENTS, Duration.ofSeconds(120));
      Figure.print(
          "10,000 clients with passwords (apr1)",
          "came in %.1f s, back %.1f s after the server was",
          came,
          seconds(restarted));
    }
  }

  @Test
  void tenThousandStayForTenMinutes() throws Exception {
    Usage server = start();
    try (Crowd crowd = new Crowd(host, LoopbackServer.PORT, false, _ -> null)) {
      crowd.join(CLIENTS);
      crowd.awaitUp(CLIENTS, Duration.ofSeconds(60));
      double cpu = server.cpuDuring(Duration.ofMinutes(10));
      Figure.print(
          "10,000 clients for 10 min",
          "%d dropped; the server takes %.1f %% of a core",
          crowd.lost(),
          cpu / 6);
      assertThat(crowd.lost()).isZero();
      assertThat(crowd.up()).isEqualTo(CLIENTS);
    }
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private String[] tls() {
    Certificates.make(lab.file(""), "EC SEC1", "IP:127.0.0.1");
    return new String[] {
      "--keyfile", lab.file("ssl.key").toString(), "--certfile", lab.file("ssl.crt").toString()
    };
  }

  private Usage start(String... options) throws Exception {
    return new LoopbackServer(lab, host, lab.file("server.log")).start(List.of(), options);
  }
}
