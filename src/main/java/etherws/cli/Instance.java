package etherws.cli;

import etherws.control.SocketFolder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * A node that goes by a name.
 *
 * @param file its configuration
 * @param pidFile where its process id is while it runs
 * @param patience how long it may take to end
 */
record Instance(String name, Path file, Path pidFile, Duration patience) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");
  private static final String OUR_JAR = "etherws.jar";
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /**
   * The node of that name on this machine.
   *
   * @throws IllegalArgumentException if it is no name, with one line for the operator
   */
  static Instance named(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "\"" + name + "\" is no name; use letters, digits, dot, dash, underscore");
    }
    return new Instance(
        name,
        Path.of("/etc/etherws", name + ".toml"),
        Path.of("/run/etherws", name + ".pid"),
        PATIENCE);
  }

  /**
   * Makes sure that it does not run, and that its process id can be written. The claim holds until
   * this process ends, or what is returned is closed.
   */
  Closeable claim() throws IOException, InstanceException {
    Path folder = pidFile.getParent();
    if (folder != null) {
      Files.createDirectories(folder);
      String danger = SocketFolder.danger(folder);
      if (danger != null) {
        throw new InstanceException(danger);
      }
    }
    FileChannel channel =
        FileChannel.open(
            pidFile.resolveSibling(name + ".lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    try {
      refuseIfItRuns();
      if (!lock(channel)) {
        throw new InstanceException(name + " is being started already");
      }
      return channel;
    } catch (IOException | InstanceException e) {
      channel.close();
      throw e;
    }
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // by another thread of this process
    }
  }

  private void refuseIfItRuns() throws IOException, InstanceException {
    Optional<ProcessHandle> process = process();
    if (process.isPresent()) {
      throw new InstanceException(
          "%s runs already, process %d; end it with: etherws down %s"
              .formatted(name, process.get().pid(), name));
    }
  }

  /** Ends it, and returns when it is gone. */
  void stop() throws IOException, InterruptedException, InstanceException {
    ProcessHandle process =
        process()
            .orElseThrow(
                () -> new InstanceException(name + " does not run: no process in " + pidFile));
    if (!process.destroy()) {
      throw new InstanceException("may not end process %d; try as root".formatted(process.pid()));
    }
    try {
      process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      if (isOurs(process)) { // else it is a zombie, whose parent does not look after it
        throw new InstanceException(
            "process %d is still there after %d s; see its log, or end it with: kill -9 %d"
                .formatted(process.pid(), patience.toSeconds(), process.pid()));
      }
    }
  }

  /** The process in the file, if it lives and is not a stranger who got its number. */
  private Optional<ProcessHandle> process() throws IOException {
    try {
      long pid = Long.parseLong(Files.readString(pidFile).strip());
      return ProcessHandle.of(pid).filter(this::isOurs);
    } catch (NoSuchFileException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private boolean isOurs(ProcessHandle process) {
    try {
      byte[] words = Files.readAllBytes(Path.of("/proc/" + process.pid() + "/cmdline"));
      List<String> arguments = List.of(new String(words, StandardCharsets.UTF_8).split("\0"));
      return arguments.stream().anyMatch(word -> word.endsWith(OUR_JAR))
          && arguments.contains("up")
          && arguments.contains(name);
    } catch (IOException e) {
      return false; // it has ended
    }
  }
}
