package etherws.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Command;
import etherws.testing.Figure;
import etherws.testing.Host;
import etherws.testing.Lab;
import etherws.testing.PrivateNetwork;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What guessing passwords costs the server and tells the guesser. Every source is on loopback. */
@Isolated
@ExtendWith(PrivateNetwork.class)
class GuessingIT {
  private static final InetSocketAddress SERVER =
      new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 80);
  private static final int GUESSES = 1_000;
  private static final int GUESSERS = 100;
  private static final int SAMPLES = 200;
  private static final String WRONG_USER = "mallory:secret";
  private static final String WRONG_PASSWORD = "alice:guess";
  private static final double MILLI = 1e-6;

  @TempDir private Path folder;

  /** The answer to one request, and how long it took from the last octet sent to the first. */
  private record Answer(String status, long nanos) {}

  private ProcessHandle start(String... htpasswd) throws Exception {
    PrivateNetwork.run("ip", "link", "set", "lo", "up");
    List<String> command = new ArrayList<>(List.of("htpasswd", "-cb"));
    command.addAll(List.of(htpasswd));
    command.addAll(List.of(folder.resolve("users").toString(), "alice", "secret"));
    Command.of(command.toArray(String[]::new)).succeed();
    Path pid = folder.resolve("pid");
    Command.of(
            Host.ETHERWS,
            "server",
            "--address=127.0.0.1",
            "--htpasswd=" + folder.resolve("users"),
            "--log-file=" + folder.resolve("log"),
            "--pid-file=" + pid)
        .succeed();
    return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
  }

  private static void stop(ProcessHandle server) {
    server.destroyForcibly();
    Lab.await("the server ends", Duration.ofSeconds(5), () -> !server.isAlive());
  }

  private static Answer ask(String source, String credentials) throws IOException {
    String request =
        """
        GET / HTTP/1.1
        Host: hub.example
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        Authorization: Basic %s

        """
            .formatted(Base64.getEncoder().encodeToString(credentials.getBytes(ISO_8859_1)));
    try (Socket socket = new Socket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral(source), 0));
      socket.setSoTimeout(20_000);
      socket.setTcpNoDelay(true);
      socket.connect(SERVER);
      socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(ISO_8859_1));
      long asked = System.nanoTime();
      byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 401".length());
      long nanos = System.nanoTime() - asked;
      return new Answer(new String(status, ISO_8859_1).replaceFirst(".* ", ""), nanos);
    }
  }

  @Test
  void aThousandGuessesOfOneSourceLockNobodyElseOutAndTakeNoCore() throws Exception {
    ProcessHandle server = start("-B", "-C", "10");
    try {
      Duration cpu = server.info().totalCpuDuration().orElseThrow();
      long begun = System.nanoTime();
      ConcurrentLinkedQueue<String> answers = new ConcurrentLinkedQueue<>();
      CountDownLatch left = new CountDownLatch(GUESSES);
      for (int i = 0; i < GUESSERS; i++) {
        guesser(answers, left);
      }
      List<Answer> others = new ArrayList<>();
      int other = 0;
      while (!left.await(20, TimeUnit.MILLISECONDS)) {
        others.add(ask("127.0.1." + other++ % 250, "alice:secret"));
      }
      double seconds = (System.nanoTime() - begun) * MILLI / 1e3;
      double busy = server.info().totalCpuDuration().orElseThrow().minus(cpu).toMillis() / 1e3;
      long worst = others.stream().mapToLong(Answer::nanos).max().orElseThrow();
      long compared = answers.stream().filter(a -> a.equals("401")).count();

      Figure.print(
          "guessing",
          "%d wrong passwords of one source: %d compared, %d turned away, %.1f s at %.2f cores (at"
              + " most 1); %d logins of others meanwhile, the slowest in %.0f ms (at most 5000)",
          answers.size(),
          compared,
          answers.size() - compared,
          seconds,
          busy / seconds,
          others.size(),
          worst * MILLI);
      assertThat(others).isNotEmpty().allMatch(answer -> answer.status().equals("101"));
      assertThat(answers).hasSize(GUESSES).containsOnly("401", "429");
      assertThat(compared).isLessThan(10);
      assertThat(busy / seconds).isLessThan(1);
      assertThat(worst * MILLI).isLessThan(Figure.SLACK * 5_000);
    } finally {
      stop(server);
    }
  }

  /** A thread of this network, as those of pools are not. */
  private static void guesser(ConcurrentLinkedQueue<String> answers, CountDownLatch left) {
    Thread.ofPlatform()
        .start(() -> {
          for (int i = 0; i < GUESSES / GUESSERS; i++) {
            try {
              answers.add(ask("127.0.0.2", "alice:guess" + i).status());
            } catch (IOException e) {
              answers.add(e.toString());
            }
            left.countDown();
          }
        });
  }

  @ParameterizedTest
  @CsvSource({"bcrypt, -B", "apr1, -m", "SHA-1, -s"})
  void timeDoesNotTellAWrongUserFromAWrongPassword(String scheme, String option) throws Exception {
    ProcessHandle server = start(option);
    try {
      double[] user = new double[SAMPLES];
      double[] password = new double[SAMPLES];
      for (int i = -SAMPLES / 2; i < SAMPLES; i++) { // the first half warms the server up
        String net = "127." + Math.abs(i) + "." + (i < 0 ? 2 : 1) + "."; // each source guesses once
        boolean userFirst = i % 2 == 0;
        double first = millis(ask(net + "1", userFirst ? WRONG_USER : WRONG_PASSWORD));
        double second = millis(ask(net + "2", userFirst ? WRONG_PASSWORD : WRONG_USER));
        if (i >= 0) {
          user[i] = userFirst ? first : second;
          password[i] = userFirst ? second : first;
        }
      }
      double likelihood = likelihoodOfLess(user, password);

      Figure.print(
          "guessing by time, " + scheme,
          "wrong user %.2f ms (p90 %.2f), wrong password %.2f ms (p90 %.2f); P(user < password) ="
              + " %.2f (0.5 tells nothing; 0.40 to 0.60)",
          quantile(user, 0.5),
          quantile(user, 0.9),
          quantile(password, 0.5),
          quantile(password, 0.9),
          likelihood);
      assertThat(likelihood).isBetween(0.4, 0.6);
    } finally {
      stop(server);
    }
  }

  private static double millis(Answer answer) {
    assertThat(answer.status()).isEqualTo("401");
    return answer.nanos() * MILLI;
  }

  /**
   * Mann and Whitney's U, from 0 to 1: how often a sample of the first is below one of the other.
   */
  private static double likelihoodOfLess(double[] first, double[] second) {
    double below = 0;
    for (double a : first) {
      for (double b : second) {
        below += a < b ? 1 : a == b ? 0.5 : 0;
      }
    }
    return below / (first.length * second.length);
  }

  private static double quantile(double[] samples, double part) {
    double[] sorted = samples.clone();
    Arrays.sort(sorted);
    return sorted[(int) (part * sorted.length)];
  }
}
