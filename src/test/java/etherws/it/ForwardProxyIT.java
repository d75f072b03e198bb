package etherws.it;

import static etherws.testing.ForwardProxies.DANTE;
import static etherws.testing.ForwardProxies.DANTE_USERS;
import static etherws.testing.ForwardProxies.MICROSOCKS;
import static etherws.testing.ForwardProxies.MICROSOCKS_USERS;
import static etherws.testing.ForwardProxies.SQUID;
import static etherws.testing.ForwardProxies.SQUID_TLS;
import static etherws.testing.ForwardProxies.SQUID_USERS;
import static etherws.testing.ForwardProxies.TINYPROXY;
import static etherws.testing.ForwardProxies.TINYPROXY_USERS;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Certificates;
import etherws.testing.Command;
import etherws.testing.Figure;
import etherws.testing.ForwardProxies;
import etherws.testing.Host;
import etherws.testing.Lab;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A client whose only way out is a forward proxy.
 *
 * <pre>
 *   client u0 10.9.0.2 ------ 10.9.0.1 u0 proxy u1 10.9.1.1 ------ 10.9.1.2 u0 hub.example
 *   n0, n1, ... 10.77.0.2, 10.77.1.2, ...                          10.77.0.1, 10.77.1.1, ...
 * </pre>
 */
class ForwardProxyIT {
  private static final String HUB = "10.9.1.2";

  /** Each has a network of its own; the last is for command lines. */
  private static final List<String> WAYS =
      List.of(
          "http://" + SQUID,
          "http://alice@" + SQUID_USERS,
          "https://" + SQUID_TLS,
          "http://" + TINYPROXY,
          "http://alice@" + TINYPROXY_USERS,
          "socks5h://" + MICROSOCKS,
          "socks5h://alice@" + MICROSOCKS_USERS,
          "socks5h://" + DANTE,
          "socks5h://alice@" + DANTE_USERS,
          "socks5://" + DANTE);

  private static Lab lab;
  private static Host client;
  private static Host hub;

  /** What a proxy is asked for, by whom, and what the log says of it. */
  private record Refusal(String proxy, int port, String message) {}

  private static final List<Refusal> REFUSALS =
      List.of(
          new Refusal("http://" + SQUID_USERS, 443, "wants a user and a password; write"),
          new Refusal("http://alice@" + SQUID_USERS, 443, "refuses this user or password"),
          new Refusal("http://" + SQUID, 8080, "forbids hub.example:8080 (403 Forbidden)"),
          new Refusal("http://" + TINYPROXY_USERS, 443, "wants a user and a password; write"),
          new Refusal("http://alice@" + TINYPROXY_USERS, 443, "refuses this user or password"),
          new Refusal(
              "http://" + TINYPROXY, 8080, "forbids hub.example:8080 (403 Access violation)"),
          new Refusal("socks5h://" + MICROSOCKS_USERS, 443, "wants a user and a password; write"),
          new Refusal("socks5h://alice@" + MICROSOCKS_USERS, 443, "refuses this user or password"),
          new Refusal(
              "socks5h://" + MICROSOCKS,
              8080,
              "can't connect to hub.example:8080 (connection refused)"),
          new Refusal("socks5h://" + DANTE_USERS, 443, "wants a user and a password; write"),
          new Refusal("socks5h://alice@" + DANTE_USERS, 443, "refuses this user or password"),
          new Refusal("socks5h://" + DANTE, 8080, "forbids hub.example:8080 by its rules"),
          new Refusal("http://" + MICROSOCKS, 443, "doesn't answer as an HTTP proxy does"),
          new Refusal("https://" + SQUID, 443, "does not speak TLS; write http://"));

  @BeforeAll
  static void open() throws Exception {
    lab = Lab.open();
    client = lab.host("c");
    hub = lab.host("h");
    Host proxy = lab.host("p");
    lab.cable(client, "u0", proxy, "u0");
    lab.cable(proxy, "u1", hub, "u0");
    client.run("ip", "addr", "add", "10.9.0.2/24", "dev", "u0");
    proxy.run("ip", "addr", "add", ForwardProxies.ADDRESS + "/24", "dev", "u0");
    proxy.run("ip", "addr", "add", "10.9.1.1/24", "dev", "u1");
    hub.run("ip", "addr", "add", HUB + "/24", "dev", "u0");
    Certificates.make(lab.file(""), "EC SEC1", "DNS:hub.example,IP:" + ForwardProxies.ADDRESS);
    ForwardProxies.start(lab, proxy, HUB);
    secret("password", "secret");
    secret("wrong", "guessed");
    startHub();
  }

  @AfterAll
  static void close() throws IOException {
    if (lab != null) {
      lab.close();
    }
  }

  private static void secret(String name, String word) throws IOException {
    Command.of("chmod", "600", lab.write(name, word + "\n").toString()).succeed();
  }

  private static void startHub() throws IOException {
    StringBuilder config =
        new StringBuilder(
            """
            control.socket = false
            [[listen]]
            [[listen]]
            port = 443
            certfile = "ssl.crt"
            keyfile = "ssl.key"
            """);
    for (int n = 0; n <= WAYS.size(); n++) {
      config.append(network(n, 1));
    }
    lab.write("hub.toml", config.toString());
    hub.etherws("run", file("hub.toml"), "--log-file", file("hub.log")).succeed();
  }

  private static String network(int number, int host) {
    return """
    [network.n%1$d]
    [[network.n%1$d.tap]]
    device = "n%1$d"
    address = "10.77.%1$d.%2$d/24"
    """
        .formatted(number, host);
  }

  /** Runs as an operator with nothing but a file would. */
  private static void run(String name, String config) throws IOException {
    lab.write(name + ".toml", "control.socket = \"" + name + ".sock\"\n" + config);
    client.etherws("run", file(name + ".toml"), "--log-file", file(name + ".log")).succeed();
  }

  private static String uplink(String network, String uri, String proxy, String password) {
    String uplink =
        """
        [[network.%s.uplink]]
        uri = "%s"
        cacerts = "ssl.crt"
        proxy = "%s"
        """
            .formatted(network, uri, proxy);
    return proxy.contains("@")
        ? uplink + "proxy-password-file = \"%s\"\n".formatted(password)
        : uplink;
  }

  @Test
  void framesCrossEveryKindOfProxy() throws Exception {
    StringBuilder config = new StringBuilder();
    for (int n = 0; n < WAYS.size(); n++) {
      // The client can look up no name; with socks5:// it would have to.
      String uri = (WAYS.get(n).startsWith("socks5:") ? "wss://" + HUB : "wss://hub.example");
      String host = uri.contains(HUB) ? "host = \"hub.example\"\n" : "";
      config
          .append(network(n, 2))
          .append(uplink("n" + n, uri + "/n" + n, WAYS.get(n), "password"))
          .append(host);
    }

    run("ways", config.toString());

    for (int n = 0; n < WAYS.size(); n++) {
      assertThat(client.pings("10.77." + n + ".1", 20)).as(WAYS.get(n)).isTrue();
    }
    Figure.print("forward proxies", "%1$d of %1$d ways carry 20 of 20 pings", WAYS.size());
    for (String words : List.of("status", "ports", "ports --json", "networks")) {
      assertThat(ask(words)).doesNotContain("secret").doesNotContain("alice");
    }
    assertThat(client.etherws("config", "show", file("ways.toml")).succeed())
        .contains("proxy = \"http://alice@")
        .doesNotContain("secret");
    assertThat(log("ways")).doesNotContain("secret").doesNotContain("WARN");
  }

  private static String ask(String words) {
    return client.etherws((words + " --socket " + file("ways.sock")).split(" ", -1)).succeed();
  }

  @Test
  void everyRefusalIsALineOfTheLog() throws Exception {
    StringBuilder config = new StringBuilder("[network.lab]\n");
    for (int n = 0; n < REFUSALS.size(); n++) {
      Refusal refusal = REFUSALS.get(n);
      String uri = "wss://hub.example:%d/r%d".formatted(refusal.port(), n);
      config.append(uplink("lab", uri, refusal.proxy(), "wrong"));
    }

    run("refusals", config.toString());

    for (int n = 0; n < REFUSALS.size(); n++) {
      Refusal refusal = REFUSALS.get(n);
      String who = "the proxy " + refusal.proxy().replace("alice@", "");
      String uri = "/r" + n + ": " + who;
      Lab.await(
          uri + " ... " + refusal.message(),
          Duration.ofSeconds(10),
          () -> log("refusals").lines().anyMatch(isAbout(uri, refusal.message())));
    }
    assertThat(log("refusals")).doesNotContain("guessed").doesNotContain("bug");
    Figure.print("proxies that refuse", "%1$d of %1$d are quoted in one line", REFUSALS.size());
  }

  private static Predicate<String> isAbout(String uri, String message) {
    return line -> line.contains(uri) && line.contains(message) && line.endsWith("; trying again");
  }

  @Test
  void theCommandLineAsksForThePasswordOfTheProxy() throws Exception {
    Command.Result result =
        client("--proxy", "http://alice@" + SQUID_USERS).input("secret\n").run();

    assertThat(result.status()).as(result.errors()).isZero();
    assertThat(pings()).isTrue();
    String process = "/proc/" + process().pid() + "/";
    assertThat(client.run("cat", process + "cmdline", process + "environ"))
        .contains("alice")
        .doesNotContain("secret");
    endClient();
  }

  @Test
  void theEnvironmentNamesAProxy() throws Exception {
    String proxy = "https_proxy=http://alice:secret@" + SQUID_USERS;

    Command.Result result = client(List.of("env", proxy, "no_proxy=10.9.1.0/24"));

    assertThat(result.status()).as(result.errors()).isZero();
    assertThat(pings()).isTrue();
    endClient();
    String[] direct = {"--uri", "wss://" + HUB + "/", "--proxy", "none"};
    for (Command.Result nobody :
        List.of(
            client(List.of("env", proxy, "no_proxy=10.9.1.0/24"), "--uri", direct[1]),
            client(List.of("env", proxy), direct))) {
      assertThat(nobody.status()).as(nobody.errors()).isEqualTo(69);
      assertThat(nobody.errors()).contains("cannot connect to " + HUB + ":443");
    }
  }

  @Test
  void aRefusalEndsTheClientWithAStatusOfItsOwn() {
    assertEnds(77, "refuses this user or password", "http://alice:guessed@" + TINYPROXY_USERS);
    assertEnds(69, "connection refused; is the proxy running", "http://10.9.0.1:9");
    assertEnds(78, "does not speak TLS", "https://" + SQUID);
    assertEnds(2, "is no proxy that we know", "socks4://alice:guessed@" + DANTE);
  }

  private static void assertEnds(int status, String message, String proxy) {
    Command.Result result = client("--proxy", proxy).run();
    assertThat(result.status()).as(result.errors()).isEqualTo(status);
    assertThat(result.errors().lines().findFirst().orElseThrow())
        .startsWith("etherws: ")
        .contains(message)
        .doesNotContain("guessed");
  }

  private static Command client(String... options) {
    return client.etherws(arguments(options).toArray(String[]::new));
  }

  private static Command.Result client(List<String> before, String... options) {
    Stream<String> words =
        Stream.of(before.stream(), Stream.of(Host.ETHERWS), arguments(options).stream())
            .flatMap(part -> part);
    return client.command(words.toArray(String[]::new)).within(Duration.ofSeconds(30)).run();
  }

  private static List<String> arguments(String... options) {
    List<String> all =
        Stream.concat(
                Stream.of(
                    "client",
                    "--cacerts",
                    file("ssl.crt"),
                    "--log-file",
                    file("client.log"),
                    "--pid-file",
                    file("client.pid")),
                Stream.of(options))
            .toList();
    return all.contains("--uri")
        ? all
        : Stream.concat(all.stream(), Stream.of("--uri", "wss://hub.example/n" + WAYS.size()))
            .toList();
  }

  private static boolean pings() {
    client.run("ip", "addr", "add", "10.77." + WAYS.size() + ".2/24", "dev", "ethws0");
    return client.pings("10.77." + WAYS.size() + ".1", 5);
  }

  private static ProcessHandle process() throws IOException {
    long pid = Long.parseLong(Files.readString(lab.file("client.pid")).strip());
    return ProcessHandle.of(pid).orElseThrow();
  }

  private static void endClient() throws IOException {
    ProcessHandle process = process();
    process.destroy();
    Lab.await("the client ends", Duration.ofSeconds(5), () -> !process.isAlive());
    assertThat(log("client")).doesNotContain("secret");
  }

  private static String file(String name) {
    return lab.file(name).toString();
  }

  private static String log(String name) {
    try {
      return Files.readString(lab.file(name + ".log"));
    } catch (IOException e) {
      return "";
    }
  }
}
