package etherws.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A hub behind every reverse proxy, each with its file of {@code docs/proxies}, and one node that
 * dials in by all ways through all of them: each way a network with a TAP at both ends.
 *
 * <pre>
 *            10.9.1.2 ==== 10.9.1.1 [nginx]   10.8.1.1 ==== 10.8.1.2
 *   [people] 10.9.2.2 ==== 10.9.2.1 [haproxy] 10.8.2.1 ==== 10.8.2.2 [hub] 8080 ws, 8443 wss,
 *            ...                    ...                     ...            8444 wss behind PROXY
 *   c11 10.101.11.2 ....................................................... s11 10.101.11.1
 * </pre>
 */
public final class ReverseProxies implements AutoCloseable {
  private static final Pattern NOTHING = Pattern.compile("$^");
  private static final Pattern TIME_OUTS =
      Pattern.compile(
          " timeout=\\d+|\n *(proxy_(read|send)_timeout|timeout (client|server|tunnel)) .*");

  public final Lab lab;
  public final Host hub;
  public final Host people;
  public final List<ReverseProxy> proxies = new ArrayList<>();
  public final List<Way> ways = new ArrayList<>();

  /** From the people to the hub, by one of a proxy's ports. */
  public record Way(ReverseProxy proxy, String name, String uri, int number) {
    public String network() {
      return proxy.name() + "-" + name;
    }

    public String hubTap() {
      return "10.101." + number + ".1";
    }

    public String peopleTap() {
      return "10.101." + number + ".2";
    }
  }

  private ReverseProxies(Lab lab) {
    this.lab = lab;
    hub = lab.host("hub");
    people = lab.host("people");
  }

  /** All of it, up; or the test is skipped where it can't be had. */
  public static ReverseProxies open() throws IOException {
    for (String program : List.of("nginx", "haproxy", "apache2", "caddy")) {
      assumeTrue(
          Command.of("which", program).run().status() == 0,
          "needs " + program + "; ./test gets it");
    }
    assumeTrue(
        Command.of("setpriv", "--reuid", "www-data", "--clear-groups", "true").run().status() == 0,
        "Apache wants the user www-data: needs the real root");
    ReverseProxies all = new ReverseProxies(Lab.open());
    try {
      all.build();
    } catch (IOException | RuntimeException | Error e) {
      all.close();
      throw e;
    }
    return all;
  }

  private void build() throws IOException {
    for (Host host : List.of(hub, people)) { // nobody speaks unless he is asked to
      host.run("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1");
      host.run("sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1");
    }
    for (String name : List.of("nginx", "haproxy", "apache2", "caddy")) {
      proxies.add(cabled(name, proxies.size() + 1));
    }
    Certificates.make(
        lab.file(""),
        "EC SEC1",
        String.join(",", proxies.stream().map(p -> "DNS:" + p.hostname()).toList()));
    Files.copy(lab.file("ssl.crt"), lab.file("hub.crt"));
    Files.copy(lab.file("ssl.crt"), lab.file("ca.crt"));
    Files.copy(lab.file("ssl.key"), lab.file("hub.key"));
    lab.write(
        "hub.pem", Files.readString(lab.file("ssl.crt")) + Files.readString(lab.file("ssl.key")));
    for (ReverseProxy proxy : proxies) {
      ways.add(new Way(proxy, "ws-ws", "ws://" + proxy.hostname(), ways.size() + 1));
      ways.add(new Way(proxy, "wss-ws", "wss://" + proxy.hostname(), ways.size() + 1));
      ways.add(new Way(proxy, "wss-wss", "wss://" + proxy.hostname() + ":4433", ways.size() + 1));
      if (proxy.name().equals("haproxy")) {
        ways.add(new Way(proxy, "wss", "wss://" + proxy.hostname() + ":4434", ways.size() + 1));
      }
    }
    lab.write("password", "secret\n");
    Command.of("htpasswd", "-cbB", "-C", "4", file("users"), "alice", "secret").succeed();
    startHub();
  }

  private ReverseProxy cabled(String name, int number) {
    ReverseProxy proxy = new ReverseProxy(lab, lab.host(name), name, number);
    lab.cable(people, "u" + number, proxy.host(), "people");
    lab.cable(hub, "u" + number, proxy.host(), "hub");
    for (int last = 2; last <= 5; last++) {
      people.run("ip", "addr", "add", proxy.people(last) + "/24", "dev", "u" + number);
    }
    proxy.host().run("ip", "addr", "add", proxy.address() + "/24", "dev", "people");
    proxy.host().run("ip", "addr", "add", "10.8." + number + ".1/24", "dev", "hub");
    hub.run("ip", "addr", "add", proxy.upstream() + "/24", "dev", "u" + number);
    return proxy;
  }

  private void startHub() throws IOException {
    StringBuilder config =
        new StringBuilder(
            """
            [control]
            socket = "hub.sock"
            [users]
            htpasswd = "users"
            [[listen]]
            port = 8080
            allow-origin = "https://vm.example"
            trusted-proxy = "10.8.0.0/16"
            [[listen]]
            port = 8443
            allow-origin = "https://vm.example"
            certfile = "ssl.crt"
            keyfile = "ssl.key"
            trusted-proxy = "10.8.0.0/16"
            [[listen]]
            port = 8444
            certfile = "ssl.crt"
            keyfile = "ssl.key"
            trusted-proxy = "10.8.0.0/16"
            proxy-protocol = true
            """);
    for (Way way : ways) {
      config.append(
          """
          [network.%s]
          clients.loop-guard = false
          [[network.%1$s.tap]]
          device = "s%d"
          loop-guard = false
          address = "%s/24"
          """
              .formatted(way.network(), way.number(), way.hubTap()));
    }
    lab.write("hub.toml", config.toString());
    hub.etherws("run", file("hub.toml"), "--log-file", file("hub.log")).succeed();
  }

  /** Starts every proxy with its file, less the lines or words that set time-outs. */
  public void startProxiesByDefaultTimeOuts() throws IOException {
    for (ReverseProxy proxy : proxies) {
      proxy.start(TIME_OUTS);
    }
  }

  /** Starts every proxy with its file. */
  public void startProxies() throws IOException {
    for (ReverseProxy proxy : proxies) {
      proxy.start(NOTHING);
    }
  }

  /** Has the people's node dial in by every way; returns when it does. */
  public void dialIn() throws IOException {
    StringBuilder config = new StringBuilder("[control]\nsocket = \"people.sock\"\n");
    StringBuilder names = new StringBuilder();
    for (Way way : ways) {
      config.append(
          """
          [network.%s]
          [[network.%1$s.tap]]
          device = "c%d"
          address = "%s/24"
          [[network.%1$s.uplink]]
          uri = "%s/%1$s"
          user = "alice"
          password-file = "password"
          """
              .formatted(way.network(), way.number(), way.peopleTap(), way.uri()));
      if (way.uri().startsWith("wss")) {
        config.append("cacerts = \"ca.crt\"\n");
      }
    }
    proxies.forEach(proxy -> names.append(proxy.address() + " " + proxy.hostname() + "\n"));
    lab.write("people.toml", config.toString());
    lab.write("names", names.toString());
    people
        .command(
            "env",
            "ETHERWS_JAVA_OPTS=-Djdk.net.hosts.file=" + lab.file("names"),
            Host.ETHERWS,
            "run",
            file("people.toml"),
            "--log-file",
            file("people.log"))
        .succeed();
  }

  /** What {@code etherws clients --json} prints, about a network. */
  public String client(Way way) {
    String clients = hub.etherws("clients", "--json", "--socket", file("hub.sock")).succeed();
    return Stream.of(clients.split("(?=\\{\"network\")", -1))
        .filter(client -> client.contains("\"" + way.network() + "\""))
        .findFirst()
        .orElse("no client in " + way.network() + ": " + clients);
  }

  /** A log file. */
  public String read(String name) throws IOException {
    return Files.readString(lab.file(name));
  }

  public String file(String name) {
    return lab.file(name).toString();
  }

  @Override
  public void close() throws IOException {
    lab.close();
  }
}
