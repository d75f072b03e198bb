package etherws.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import etherws.control.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code etherws ctl}, as in etherws 1.x: tells a switch by JSON-RPC. */
@Command(
    name = "ctl",
    description = "Control a switch that was started by etherws sw, as in etherws 1.x.",
    subcommands = {
      CtlCommands.AddPort.class,
      CtlCommands.SetPort.class,
      CtlCommands.DelPort.class,
      CtlCommands.ListPort.class,
      CtlCommands.SetIf.class,
      CtlCommands.ListIf.class,
      CtlCommands.ListFdb.class
    })
final class CtlCommand implements Callable<Integer> {
  private static final int TIMEOUT_MILLIS = 30_000;
  private static final int UNAUTHORIZED = 401;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--ctlurl",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:7867/ctl",
      description = "where the switch listens (default: ${DEFAULT-VALUE})")
  private String url = "";

  @Option(names = "--ctluser", paramLabel = "NAME", description = "the user's name there")
  private @Nullable String user;

  @Option(
      names = "--ctlpasswd",
      paramLabel = "WORD",
      description = "the password; others see it in the process list (default: prompt)")
  private @Nullable String password;

  @Override
  public Integer call() {
    throw new ParameterException(
        requireNonNull(spec).commandLine(), "say what to do: listport, addport, ...");
  }

  /** The result of a method. */
  Fields request(String method, Map<String, ?> parameters) throws AskException, SecretException {
    Map<String, Object> call = new LinkedHashMap<>();
    call.put("jsonrpc", "2.0");
    call.put("method", "etherws.control." + method);
    call.put("id", 0);
    call.put("params", parameters);
    String authorization = authorization();
    try {
      HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
      connection.setConnectTimeout(TIMEOUT_MILLIS);
      connection.setReadTimeout(TIMEOUT_MILLIS);
      connection.setRequestProperty("Content-Type", "application/json");
      if (authorization != null) {
        connection.setRequestProperty("Authorization", authorization);
      }
      connection.setDoOutput(true);
      connection.getOutputStream().write(Json.write(call));
      if (connection.getResponseCode() == UNAUTHORIZED) {
        throw new AskException(ExitStatus.NOT_ALLOWED, url + ": wrong user or password");
      }
      try (InputStream in = connection.getInputStream()) {
        return Fields.of(new String(in.readAllBytes(), UTF_8));
      }
    } catch (ConnectException e) {
      throw new AskException(
          ExitStatus.NOT_RUNNING,
          "%s: no etherws sw answers there (%s)".formatted(url, e.getMessage()));
    } catch (IOException | IllegalArgumentException | ClassCastException e) {
      throw new AskException(ExitStatus.NOT_RUNNING, url + ": " + e.getMessage());
    }
  }

  private @Nullable String authorization() throws SecretException {
    if (user == null) {
      return null;
    }
    String word = password == null ? new Secret("Control Password: ", null).read() : password;
    return "Basic " + Base64.getEncoder().encodeToString((user + ":" + word).getBytes(UTF_8));
  }
}
