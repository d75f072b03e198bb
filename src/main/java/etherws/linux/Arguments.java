package etherws.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The arguments that the kernel shows of this process, as in {@code ps}. */
public final class Arguments {
  // proc(5): fields of /proc/self/stat, counted from the one behind the name
  private static final int ARG_START = 48 - 3;
  private static final int ARG_END = 49 - 3;

  private Arguments() {}

  /**
   * Shows others instead of the last ones, each as long in UTF-8 as what it replaces. Where that
   * can't be done, all stays.
   */
  public static void show(List<String> arguments) {
    byte[] text = (String.join("\0", arguments) + "\0").getBytes(UTF_8);
    try {
      String stat = Files.readString(Path.of("/proc/self/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      long start = Long.parseLong(fields[ARG_START]);
      long end = Long.parseLong(fields[ARG_END]);
      boolean fits = text.length < end - start && at(start, end - start, text);
      if (fits) {
        MemorySegment.copy(
            text, 0, memory(start, end - start), JAVA_BYTE, end - start - text.length, text.length);
      }
    } catch (IOException | RuntimeException e) {
      // A system that does not tell where they are.
    }
  }

  /** Whether what is there has its ends where the new ones have theirs. */
  private static boolean at(long start, long length, byte[] text) {
    MemorySegment there = memory(start, length).asSlice(length - text.length - 1);
    boolean same = there.get(JAVA_BYTE, 0) == 0;
    for (int i = 0; i < text.length; i++) {
      same &= (there.get(JAVA_BYTE, i + 1L) == 0) == (text[i] == 0);
    }
    return same;
  }

  @SuppressWarnings("restricted") // as LibC
  private static MemorySegment memory(long address, long length) {
    return MemorySegment.ofAddress(address).reinterpret(length);
  }
}
