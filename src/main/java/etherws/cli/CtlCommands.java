package etherws.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands below {@code etherws ctl}. */
final class CtlCommands {
  private static final int MIN_MTU = 576;

  private CtlCommands() {}

  @Command(name = "addport", description = "Add a port: tap NAME, netdev NAME or client URL.")
  static final class AddPort extends CtlCall {
    private enum Type {
      tap,
      client,
      netdev
    }

    @Parameters(index = "0", paramLabel = "TYPE", description = "${COMPLETION-CANDIDATES}")
    private Type type = Type.tap;

    @Parameters(index = "1", paramLabel = "TARGET", description = "a device's name, or a URL")
    private String target = "";

    @Option(names = "--user", paramLabel = "NAME", description = "of a client: the user name")
    private @Nullable String user;

    @Option(
        names = "--passwd",
        paramLabel = "WORD",
        description = "of a client: the password; others see it in the process list")
    private @Nullable String password;

    @Option(names = "--cacerts", paramLabel = "FILE", description = "of a client: CAs to trust")
    private @Nullable Path certificates;

    @Option(names = "--insecure", description = "of a client: verify no certificate")
    private boolean insecure;

    @Override
    public Integer call() throws AskException, SecretException {
      if (type == Type.client && !target.matches("wss?://.*")) {
        throw usage("Invalid target URL scheme: " + target);
      }
      if (user == null && password != null) {
        throw usage("Authentication required but username empty");
      }
      Map<String, Object> options = new HashMap<>();
      if (user != null) {
        String word = password == null ? new Secret("Client Password: ", null).read() : password;
        options.put("user", user);
        options.put("passwd", word);
      }
      if (certificates != null) {
        options.put("cacerts", certificates.toAbsolutePath().toString());
      }
      options.put("insecure", insecure);
      return printPorts(
          "addPort", Map.of("type", type.toString(), "target", target, "options", options));
    }
  }

  @Command(name = "setport", description = "Shut or open a port.")
  static final class SetPort extends CtlCall {
    @Parameters(paramLabel = "N", description = "the port's number")
    private int port;

    @Option(names = "--shut", paramLabel = "0|1", description = "1 shuts the port, 0 opens it")
    private @Nullable Integer shut;

    @Override
    public Integer call() throws AskException, SecretException {
      Map<String, Object> parameters = new HashMap<>(Map.of("port", port));
      if (shut != null) {
        parameters.put("shut", shut != 0);
      }
      return printPorts("setPort", parameters);
    }
  }

  @Command(name = "delport", description = "Remove a port.")
  static final class DelPort extends CtlCall {
    @Parameters(paramLabel = "N", description = "the port's number")
    private int port;

    @Override
    public Integer call() throws AskException, SecretException {
      return printPorts("delPort", Map.of("port", port));
    }
  }

  @Command(name = "listport", description = "List the ports.")
  static final class ListPort extends CtlCall {
    @Override
    public Integer call() throws AskException, SecretException {
      return printPorts("listPort", Map.of());
    }
  }

  @Command(name = "setif", description = "Set a TAP device's address and MTU.")
  static final class SetIf extends CtlCall {
    @Parameters(paramLabel = "N", description = "the port's number")
    private int port;

    @Option(
        names = "--address",
        paramLabel = "A",
        description = "its IPv4 address; empty removes it")
    private @Nullable String address;

    @Option(names = "--netmask", paramLabel = "M", description = "like 255.255.255.0")
    private @Nullable String netmask;

    @Option(names = "--mtu", paramLabel = "N", description = "576 and above")
    private @Nullable Integer mtu;

    @Override
    public Integer call() throws AskException, SecretException {
      if (mtu != null && mtu < MIN_MTU) {
        throw usage("Invalid MTU: " + mtu);
      }
      Map<String, Object> parameters = new HashMap<>(Map.of("port", port));
      if (address != null) {
        parameters.put("address", address);
      }
      if (netmask != null) {
        parameters.put("netmask", netmask);
      }
      if (mtu != null) {
        parameters.put("mtu", mtu);
      }
      return printInterfaces("setInterface", parameters);
    }
  }

  @Command(name = "listif", description = "List the TAP devices.")
  static final class ListIf extends CtlCall {
    @Override
    public Integer call() throws AskException, SecretException {
      return printInterfaces("listInterface", Map.of());
    }
  }

  @Command(name = "listfdb", description = "List the addresses learned.")
  static final class ListFdb extends CtlCall {
    @Override
    public Integer call() throws AskException, SecretException {
      return printFdb();
    }
  }
}
