package etherws.config;

import etherws.tls.Passphrase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlVersion;

/** A configuration file, read anew each time it is asked, by one thread at a time. */
public final class ConfigFile {
  private static final int MAX_LENGTH = 1 << 20;
  private static final String ENDING = ".toml";
  private static final String BYTE_ORDER_MARK = "\ufeff";

  private final Path file;
  private final Passphrase prompt;
  private final Map<String, String> environment;
  private final InputFiles inputs = new InputFiles();

  /**
   * @param prompt asked for the passphrase of a key that has no keypass-file
   */
  public ConfigFile(Path file, Passphrase prompt) {
    this(file, prompt, System.getenv());
  }

  ConfigFile(Path file, Passphrase prompt, Map<String, String> environment) {
    this.file = file;
    this.prompt = prompt;
    this.environment = environment;
  }

  public Path path() {
    return file;
  }

  /**
   * What the file says now.
   *
   * @throws ConfigException with all that is wrong in it
   */
  public NodeConfig read() throws ConfigException {
    Reading reading = Reading.of(file, environment, inputs);
    return read(reading, Table.root(reading, parse(text())));
  }

  /**
   * The effective settings as TOML, defaults too, each with where it is from in a comment. Read
   * again in the same folder they are the same settings.
   */
  public String show() throws ConfigException {
    Reading reading = Reading.of(file, environment, inputs);
    Table root = Table.root(reading, parse(text()));
    read(reading, root);
    return root.listing().text();
  }

  private NodeConfig read(Reading reading, Table root) throws ConfigException {
    NodeConfig config =
        new NodeConfig(
            NodeReader.read(root, name(), prompt),
            NodeReader.log(root),
            root.find(Schema.RUN_AS),
            reading.allWarnings());
    reading.orThrow();
    return config;
  }

  /** What people call the node: the file's name without its ending. */
  public String name() {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name;
  }

  private TomlParseResult parse(String text) throws ConfigException {
    TomlParseResult result = Toml.parse(text, TomlVersion.V1_0_0);
    if (result.hasErrors()) {
      throw new ConfigException(result.errors().stream().map(this::problem).toList());
    }
    return result;
  }

  private Problem problem(TomlParseError error) {
    return Problem.at(
        error.position(), file, "", String.valueOf(error.getMessage()), "correct the TOML here");
  }

  private String text() throws ConfigException {
    byte[] octets = octets();
    CharBuffer text = CharBuffer.allocate(octets.length);
    ByteBuffer rest = ByteBuffer.wrap(octets);
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CoderResult end = decoder.decode(rest, text, true);
    String read = text.flip().toString();
    if (end.isError()) {
      int line = (int) read.chars().filter(c -> c == '\n').count() + 1;
      int column = read.length() - read.lastIndexOf('\n');
      throw new ConfigException(
          new Problem(file, line, column, "", "is not UTF-8 from here on", "convert the file"));
    }
    return read.startsWith(BYTE_ORDER_MARK) ? read.substring(1) : read;
  }

  private byte[] octets() throws ConfigException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] octets = in.readNBytes(MAX_LENGTH + 1);
      if (octets.length > MAX_LENGTH) {
        throw new ConfigException(Problem.of(file, "is over 1 MiB", "give a configuration file"));
      }
      return octets;
    } catch (NoSuchFileException e) {
      throw new ConfigException(Problem.of(file, "no such file", "write it, or name another"));
    } catch (AccessDeniedException e) {
      throw new ConfigException(
          Problem.of(file, "permission denied", "let the user who runs etherws read it"));
    } catch (IOException e) {
      throw new ConfigException(
          Problem.of(file, "can't be read: " + e.getMessage(), "check the file"));
    }
  }
}
