package etherws.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** System calls that every thread of the process makes, those of the JVM too. */
final class EveryThread {
  /*
   * Capability sets and no_new_privs belong to a thread, and the kernel lets nobody change them but
   * the thread itself. Most threads of a JVM never run Java. So each gets a signal whose handler
   * makes the calls, as glibc does within setresuid and libpsx for C programs. The handler is
   * Machine's code: it may come anywhere, inside of the garbage collector too, so Java can't be it.
   *
   * The handler looks at no result; whoever asks says how to see in /proc that a thread has done it.
   * A thread that hasn't may make another one just before it does, which a single look at all
   * threads can miss. Two looks one after the other can't.
   *
   * SIGURG is otherwise ignored, and becomes so again. Code and list stay for ever, as the last
   * thread may still be on its way out of them.
   */
  private static final int LOOKS = 2;
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(1);

  private static final int CALL = 3 * Long.BYTES;
  private static final int CAPSET_HEADER = 8;
  private static final int CAPSET_DATA = 24;

  // struct sigaction of glibc: handler, 1024 bits of mask, flags, restorer
  private static final int SIGACTION = 152;
  private static final int MASK = 8;
  private static final int MASK_LENGTH = 128;
  private static final int FLAGS = 136;

  private EveryThread() {}

  /**
   * A system call of two arguments.
   *
   * @param number of this machine
   */
  record Call(int number, long first, long second) {}

  /** {@code capset} of nothing at all. Its structs stay for ever, as the list does. */
  static Call capset(Machine machine, int version) {
    // struct { u32 version; int pid; } and struct { u32 effective, permitted, inheritable; }[2]
    MemorySegment header = Arena.global().allocate(CAPSET_HEADER, Integer.BYTES);
    header.set(JAVA_INT, 0, version);
    MemorySegment data = Arena.global().allocate(CAPSET_DATA, Integer.BYTES);
    return new Call(machine.capset, header.address(), data.address());
  }

  /**
   * Has every thread make the calls in their order.
   *
   * @param done whether a thread has
   * @throws LinuxException if after 5 s some thread has not
   */
  static void make(Machine machine, List<Call> calls, Predicate<ThreadStatus> done) {
    MemorySegment memory =
        Arena.global().allocate(Machine.LIST + (calls.size() + 1L) * CALL, Machine.LIST);
    MemorySegment.copy(machine.code(), 0, memory, JAVA_BYTE, 0, machine.code().length);
    long at = Machine.LIST;
    for (Call call : calls) {
      memory.set(JAVA_LONG, at, call.number());
      memory.set(JAVA_LONG, at + Long.BYTES, call.first());
      memory.set(JAVA_LONG, at + 2 * Long.BYTES, call.second());
      at += CALL;
    }
    memory.set(JAVA_LONG, at, -1);
    int executable = ProcessCalls.PROT_READ | ProcessCalls.PROT_EXEC;
    check("mprotect", ProcessCalls.mprotect(memory.address(), Machine.LIST, executable));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment action = arena.allocate(SIGACTION, Long.BYTES);
      action.set(JAVA_LONG, 0, memory.address());
      action.asSlice(MASK, MASK_LENGTH).fill((byte) -1); // nothing else comes in between
      action.set(JAVA_INT, FLAGS, ProcessCalls.SA_RESTART);
      MemorySegment before = arena.allocate(SIGACTION, Long.BYTES);
      check(
          "sigaction",
          ProcessCalls.sigaction(ProcessCalls.SIGURG, action.address(), before.address()));
      try {
        signal(done);
      } finally {
        ProcessCalls.sigaction(ProcessCalls.SIGURG, before.address(), 0);
      }
    }
  }

  private static void signal(Predicate<ThreadStatus> done) {
    int pid = ProcessCalls.getpid();
    long deadline = System.nanoTime() + LIMIT.toNanos();
    for (int looks = 0; looks < LOOKS; ) {
      List<ThreadStatus> waiting = ThreadStatus.of("self").stream().filter(done.negate()).toList();
      if (waiting.isEmpty()) {
        looks++;
        continue;
      }
      looks = 0;
      if (System.nanoTime() > deadline) {
        throw new LinuxException("tgkill", waiting.getFirst().name(), Errno.EPERM.number());
      }
      waiting.forEach(thread -> ProcessCalls.tgkill(pid, thread.tid(), ProcessCalls.SIGURG));
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private static void check(String call, int result) {
    if (result < 0) {
      throw new LinuxException(call, "", -result);
    }
  }
}
