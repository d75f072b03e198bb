package etherws.linux;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the kernel says of a thread in {@code /proc/PID/task/TID/status}.
 *
 * @param lines key to value
 */
public record ThreadStatus(int tid, Map<String, String> lines) {
  /** All threads of a process that are there now; {@code self} is this one. */
  public static List<ThreadStatus> of(String pid) {
    List<ThreadStatus> all = new ArrayList<>();
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc", pid, "task"))) {
      for (Path task : tasks) {
        try {
          all.add(read(task));
        } catch (IOException e) {
          // It has ended.
        }
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The calling thread. */
  static ThreadStatus current() {
    try {
      return read(Path.of("/proc/thread-self"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ThreadStatus read(Path task) throws IOException {
    Map<String, String> lines = new HashMap<>();
    for (String line : Files.readAllLines(task.resolve("status"))) {
      String[] parts = line.split(":\\s*", 2);
      lines.put(parts[0], parts.length == 2 ? parts[1].strip() : "");
    }
    return new ThreadStatus(Integer.parseInt(requireNonNull(lines.get("Pid"))), lines);
  }

  /** Of the JVM's threads the first letters. */
  public String name() {
    return value("Name");
  }

  /**
   * One of the sets: {@code CapInh}, {@code CapPrm}, {@code CapEff}, {@code CapBnd}, {@code
   * CapAmb}.
   */
  public long capabilities(String set) {
    return Long.parseUnsignedLong(value(set), 16);
  }

  /** Whether it can do no more than any other program of its user. */
  public boolean isPowerless() {
    return (capabilities("CapInh")
            | capabilities("CapPrm")
            | capabilities("CapEff")
            | capabilities("CapAmb"))
        == 0;
  }

  /** Whether it can't become more by executing something. */
  public boolean hasNoNewPrivileges() {
    return value("NoNewPrivs").equals("1");
  }

  /** Whether system calls are filtered. */
  public boolean isFiltered() {
    return value("Seccomp").equals("2");
  }

  /** Whether real, effective, saved and file system user and group are these. */
  public boolean isOf(int uid, int gid) {
    return allAre(value("Uid"), uid) && allAre(value("Gid"), gid);
  }

  private static boolean allAre(String ids, int id) {
    String one = Integer.toUnsignedString(id);
    return List.of(ids.split("\\s+")).stream().allMatch(one::equals);
  }

  String value(String key) {
    String value = lines.get(key);
    if (value == null) {
      throw new IllegalStateException("/proc says nothing of " + key);
    }
    return value;
  }
}
