package etherws.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * squid, tinyproxy, microsocks and Dante on a host with two cables, each open to all and, on the
 * next port, for alice with the password {@code secret}; to ports 80 and 443 only, where they know
 * how to forbid others. They find {@code hub.example}, which nobody else does.
 */
public final class ForwardProxies {
  public static final String ADDRESS = "10.9.0.1";
  public static final String SQUID = ADDRESS + ":3128";
  public static final String SQUID_USERS = ADDRESS + ":3129";
  public static final String SQUID_TLS = ADDRESS + ":3130";
  public static final String TINYPROXY = ADDRESS + ":8888";
  public static final String TINYPROXY_USERS = ADDRESS + ":8889";
  public static final String MICROSOCKS = ADDRESS + ":1080";
  public static final String MICROSOCKS_USERS = ADDRESS + ":1081";
  public static final String DANTE = ADDRESS + ":1082";
  public static final String DANTE_USERS = ADDRESS + ":1083";

  private static final String SQUID_CONF =
      """
      http_port 3128 name=open
      http_port 3129 name=users
      https_port 3130 name=tls tls-cert=FOLDER/ssl.crt tls-key=FOLDER/ssl.key
      acl users myportname users
      acl tunnels port 80 443
      auth_param basic program /usr/lib/squid/basic_ncsa_auth FOLDER/users
      auth_param basic children 1
      acl known proxy_auth REQUIRED
      http_access deny !tunnels
      http_access deny users !known
      http_access allow all
      cache deny all
      access_log none
      cache_log FOLDER/squid/cache.log
      pid_filename FOLDER/squid/pid
      coredump_dir FOLDER/squid
      hosts_file FOLDER/hosts
      visible_hostname proxy
      pinger_enable off
      """;

  private static final String TINYPROXY_CONF =
      """
      Port PORT
      Listen 10.9.0.1
      Timeout 600
      ConnectPort 80
      ConnectPort 443
      """;

  /** Its users are the machine's, with their passwords there. */
  private static final String DANTE_CONF =
      """
      logoutput: stderr
      user.privileged: root
      user.unprivileged: nobody
      internal: 10.9.0.1 port = PORT
      external: u1
      clientmethod: none
      socksmethod: METHOD
      client pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }
      socks pass { from: 0.0.0.0/0 to: 0.0.0.0/0 port = 80 }
      socks pass { from: 0.0.0.0/0 to: 0.0.0.0/0 port = 443 }
      """;

  private final Lab lab;
  private final Host host;

  private ForwardProxies(Lab lab, Host host) {
    this.lab = lab;
    this.host = host;
  }

  /**
   * Starts them; they end with the lab. Needs the certificate {@code ssl.crt} and its key in the
   * lab's folder.
   *
   * @param hub the address of hub.example
   */
  public static void start(Lab lab, Host host, String hub) throws IOException {
    assumeTrue(
        Stream.of("squid", "tinyproxy", "microsocks", "danted")
            .allMatch(name -> Command.of("which", name).run().status() == 0),
        "needs squid, tinyproxy, microsocks and Dante");
    ForwardProxies proxies = new ForwardProxies(lab, host);
    proxies.writeFiles(hub);
    proxies.startAll();
    proxies.await(List.of(3128, 3129, 3130, 8888, 8889, 1080, 1081, 1082, 1083));
  }

  private void writeFiles(String hub) throws IOException {
    Files.setPosixFilePermissions(
        lab.file("."), PosixFilePermissions.fromString("rwxr-xr-x")); // squid is not root
    Files.setPosixFilePermissions(
        lab.file("ssl.key"), PosixFilePermissions.fromString("rw-r--r--"));
    assumeTrue(
        Command.of("install", "-d", "-o", "proxy", file("squid")).run().status() == 0,
        "needs root, as squid runs as the user proxy");
    lab.write("hosts", "127.0.0.1 localhost\n" + hub + " hub.example\n");
    String hash = Command.of("openssl", "passwd", "-6", "secret").succeed().strip();
    lab.write("users", "alice:" + hash + "\n");
    lab.write(
        "passwd",
        Files.readString(Path.of("/etc/passwd")) + "alice:x:61184:61184::/:/usr/sbin/nologin\n");
    lab.write("shadow", "alice:" + hash + ":20000:0:99999:7:::\n");
    lab.write("squid.conf", SQUID_CONF.replace("FOLDER", lab.file("").toString()));
    lab.write("tinyproxy.conf", TINYPROXY_CONF.replace("PORT", "8888"));
    lab.write(
        "tinyproxy-users.conf",
        TINYPROXY_CONF.replace("PORT", "8889") + "BasicAuth alice secret\n");
    lab.write("dante.conf", DANTE_CONF.replace("PORT", "1082").replace("METHOD", "none"));
    lab.write("dante-users.conf", DANTE_CONF.replace("PORT", "1083").replace("METHOD", "username"));
  }

  private void startAll() {
    start("squid", "squid", "-N", "-f", file("squid.conf"));
    start("tinyproxy", "tinyproxy", "-d", "-c", file("tinyproxy.conf"));
    start("tinyproxy-users", "tinyproxy", "-d", "-c", file("tinyproxy-users.conf"));
    start("microsocks", "microsocks", "-i", ADDRESS, "-p", "1080");
    start(
        "microsocks-users",
        "microsocks",
        "-i",
        ADDRESS,
        "-p",
        "1081",
        "-u",
        "alice",
        "-P",
        "secret");
    start("dante", "danted", "-f", file("dante.conf"), "-p", file("dante.pid"));
    start("dante-users", "danted", "-f", file("dante-users.conf"), "-p", file("dante-users.pid"));
  }

  /** In a mount namespace of its own: that of "ip netns exec". */
  private void start(String name, String... words) {
    String script =
        "mount -t tmpfs none /dev/shm && cd "
            + file("")
            + " && for f in hosts passwd shadow; do mount --bind $f /etc/$f || exit; done; exec "
            + String.join(" ", words);
    host.command("sh", "-c", script).start(lab.file(name + ".log"));
  }

  private String file(String name) {
    return lab.file(name).toString();
  }

  private void await(List<Integer> ports) {
    Lab.await(
        "all proxies listen",
        Duration.ofSeconds(20),
        () -> {
          String listening = host.run("ss", "-Hltn");
          return ports.stream().allMatch(port -> listening.contains(":" + port + " "));
        });
  }
}
