package etherws.cli;

import static java.util.Objects.requireNonNull;

import etherws.config.ConfigException;
import etherws.config.ConfigFile;
import etherws.config.LogSettings;
import etherws.config.NodeConfig;
import etherws.node.NodeSettings;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** A node that is all in a file; what the command line says of the log goes before it. */
abstract class FileCommand extends NodeCommand {
  private static final Logger log = LoggerFactory.getLogger(FileCommand.class);

  private @Nullable ConfigFile source;
  private @Nullable NodeConfig config;

  abstract Path file() throws Exception;

  @Override
  final LogSettings log() throws Exception {
    if (program().namesDevices()) {
      throw usage("--device is for server and client; here the file names the devices");
    }
    ConfigFile opened = open(file());
    NodeConfig read = opened.read();
    source = opened;
    config = read;
    LogSettings given = super.log();
    Path logFile = given.file() == null ? read.log().file() : given.file();
    return new LogSettings(program().debug() ? Level.DEBUG : read.log().level(), logFile);
  }

  @Override
  final NodeSettings settings() {
    NodeConfig read = requireNonNull(config);
    read.warnings().forEach(warning -> log.warn("{}", warning));
    return read.node();
  }

  @Override
  final @Nullable String runAs() {
    String given = super.runAs();
    return given == null ? requireNonNull(config).runAs() : given;
  }

  /** What the file says by now. */
  @Override
  final NodeSettings reread() throws ConfigException {
    NodeConfig read = requireNonNull(source).read();
    read.warnings().forEach(warning -> log.warn("{}", warning));
    logAs(read.log(), requireNonNull(config).log());
    if (!Objects.equals(read.runAs(), requireNonNull(config).runAs())) {
      log.warn("run-as changes when etherws is started again");
    }
    config = read;
    return read.node();
  }

  /** What an operator said since then stays said, unless the file has changed its mind. */
  private void logAs(LogSettings now, LogSettings before) {
    if (!now.level().equals(before.level()) && !program().debug()) {
      logLevel(now.level());
    }
    if (!Objects.equals(now.file(), before.file())) {
      log.warn("log-file changes when etherws is started again");
    }
  }

  @Override
  final String name() {
    return requireNonNull(source).name();
  }

  /** The file, wherever the daemon goes to. */
  static ConfigFile open(Path file) {
    Secret passphrase = new Secret("Passphrase for the private key: ", null);
    return new ConfigFile(file.toAbsolutePath(), _ -> passphrase.read().toCharArray());
  }
}
