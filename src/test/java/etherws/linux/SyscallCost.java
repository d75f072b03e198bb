package etherws.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.util.Locale;

/** What the filter of system calls costs the calls that frames make; in a process of its own. */
final class SyscallCost {
  private static final int CALLS = 1_000_000;
  private static final int ROUNDS = 9;

  private SyscallCost() {}

  public static void main(String[] args) {
    int counter = LibC.eventfd(0, LibC.EFD_CLOEXEC);
    try (Arena arena = Arena.ofConfined()) {
      long value = arena.allocateFrom(JAVA_LONG, 1).address();
      best(counter, value); // compiles it
      double before = best(counter, value);
      Machine machine = java.util.Objects.requireNonNull(Machine.here());
      ProcessCalls.syscall(machine.prctl, ProcessCalls.PR_SET_NO_NEW_PRIVS, 1, 0);
      Seccomp.install(machine, false);
      double after = best(counter, value);
      System.out.printf(Locale.ROOT, "%.1f %.1f%n", before, after);
    }
  }

  /** Nanoseconds of a write(2) or read(2) of 8 octets, in the best of many rounds. */
  private static double best(int counter, long value) {
    double best = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < CALLS; i++) {
        LibC.write(counter, value, Long.BYTES);
        LibC.read(counter, value, Long.BYTES);
      }
      best = Math.min(best, (System.nanoTime() - start) / (2.0 * CALLS));
    }
    return best;
  }
}
