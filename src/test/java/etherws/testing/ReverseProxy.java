package etherws.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A reverse proxy on a host of its own, named as its package, with its file of {@code
 * docs/proxies}.
 */
public final class ReverseProxy {
  private static final Path DOCUMENTS = Path.of("docs", "proxies").toAbsolutePath();

  private final Lab lab;
  private final Host host;
  private final String name;
  private final int number;

  ReverseProxy(Lab lab, Host host, String name, int number) {
    this.lab = lab;
    this.host = host;
    this.name = name;
    this.number = number;
  }

  public Host host() {
    return host;
  }

  public String name() {
    return name;
  }

  /** As people reach it, and its certificate names it. */
  public String hostname() {
    return name + ".example";
  }

  public String address() {
    return "10.9." + number + ".1";
  }

  /** One of four that people have towards it, from 2 to 5. */
  public String people(int last) {
    return "10.9." + number + "." + last;
  }

  /** The hub's, as the proxy reaches it. */
  String upstream() {
    return "10.8." + number + ".2";
  }

  /** Returns when it listens, by its file less what matches {@code without}. */
  void start(Pattern without) throws IOException {
    switch (name) {
      case "nginx" -> startNginx(file("nginx.conf", without));
      case "haproxy" -> startHaproxy(file("haproxy.cfg", without));
      case "apache2" -> startApache(file("apache2.conf", without));
      case "caddy" -> startCaddy(file("Caddyfile", without));
      default -> throw new IllegalArgumentException(name);
    }
    Lab.await(
        name + " listens",
        Duration.ofSeconds(10),
        () -> {
          String sockets = host.run("ss", "-Hltn");
          return Stream.of(":80 ", ":443 ", ":4433 ").allMatch(sockets::contains);
        });
  }

  /** The file as it is shipped, but for the names and addresses of this place. */
  private Path file(String name, Pattern without) throws IOException {
    String shipped = Files.readString(DOCUMENTS.resolve(name));
    return lab.write(
        name,
        without
            .matcher(shipped)
            .replaceAll("")
            .replace("hub.example", hostname())
            .replace("/etc/etherws/", lab.file("") + "/")
            .replace("127.0.0.1:", upstream() + ":"));
  }

  private void startNginx(Path file) throws IOException {
    Path whole =
        lab.write(
            "nginx",
            """
            daemon off; pid %s; error_log stderr; user root;
            events {} http { access_log off; include %s; }
            """
                .formatted(lab.file("nginx.pid"), file));
    run("nginx", "-e", "stderr", "-c", whole.toString());
  }

  private void startHaproxy(Path file) throws IOException {
    Path defaults = lab.write("haproxy", "defaults\n  timeout client 30s\n  timeout server 30s\n");
    run("haproxy", "-db", "-f", defaults.toString(), "-f", file.toString());
  }

  /** As Debian's own apache2.conf has it, as far as it matters. */
  private void startApache(Path file) throws IOException {
    StringBuilder whole = new StringBuilder();
    whole.append(
        """
        ServerRoot %s
        ServerName %s
        DefaultRuntimeDir %1$s
        PidFile apache.pid
        Mutex file:%1$s default
        ErrorLog /dev/stderr
        User www-data
        Group www-data
        Listen 80
        Listen 443
        """
            .formatted(lab.file(""), hostname()));
    for (String module :
        List.of("mpm_event", "authz_core", "proxy", "proxy_http", "socache_shmcb", "ssl")) {
      whole.append("LoadModule %s_module /usr/lib/apache2/modules/mod_%1$s.so\n".formatted(module));
    }
    Path config =
        lab.write("apache", whole.append("Include ").append(file).append("\n").toString());
    run("apache2", "-DFOREGROUND", "-f", config.toString());
  }

  private void startCaddy(Path file) {
    run(
        "env",
        "HOME=" + lab.file(""),
        "XDG_DATA_HOME=" + lab.file(""),
        "XDG_CONFIG_HOME=" + lab.file(""),
        "caddy",
        "run",
        "--config",
        file.toString(),
        "--adapter",
        "caddyfile");
  }

  private void run(String... command) {
    host.command(command).start(lab.file(name + ".log"));
  }
}
