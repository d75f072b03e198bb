package etherws.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A filter for the system calls of all threads, for good. */
final class Seccomp {
  /*
   * A list of what is refused, not of what is allowed: what a JVM calls differs from one version to
   * the next, and with libc and kernel. Refused is what would let an intruder reach the kernel's
   * rarely used corners, other processes, or a program to execute. The kernel finds out once for
   * each call number whether its answer depends on arguments, and those that don't cost next to
   * nothing; read and write among them.
   */
  private static final int SET_MODE_FILTER = 1;
  private static final int TSYNC = 1;
  private static final int SPEC_ALLOW = 4; // the other way costs much, and guards only sandboxes

  // linux/seccomp.h: what a filter answers, and struct seccomp_data { nr, arch, ip, args[6] }
  private static final int ALLOW = 0x7fff_0000;
  private static final int REFUSE = 0x0005_0000;
  private static final int NUMBER = 0;
  private static final int ARCHITECTURE = 4;
  private static final int FIRST_ARGUMENT = 16;

  // linux/bpf_common.h
  private static final short LOAD = 0x20;
  private static final short JUMP_IF_EQUAL = 0x15;
  private static final short JUMP_IF_AT_LEAST = 0x35;
  private static final short JUMP_IF_ANY = 0x45;
  private static final short RETURN = 0x06;

  private static final int ENOSYS = 38;
  private static final int X32 = 0x4000_0000;

  /** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET. */
  private static final int NEW_NAMESPACES = 0x7e02_0000;

  private static final int INSTRUCTION = 8;
  private static final int NONE = -1;

  /** What nobody needs here, by its numbers. */
  private enum Refused {
    // other processes
    PTRACE(101, 117),
    PROCESS_VM_READV(310, 270),
    PROCESS_VM_WRITEV(311, 271),
    KCMP(312, 272),
    PIDFD_GETFD(438, 438),
    PROCESS_MADVISE(440, 440),
    MOVE_PAGES(279, 239),
    MIGRATE_PAGES(256, 238),
    // wide doors into the kernel
    BPF(321, 280),
    PERF_EVENT_OPEN(298, 241),
    USERFAULTFD(323, 282),
    IO_URING_SETUP(425, 425),
    IO_URING_ENTER(426, 426),
    IO_URING_REGISTER(427, 427),
    ADD_KEY(248, 217),
    REQUEST_KEY(249, 218),
    KEYCTL(250, 219),
    VMSPLICE(278, 75),
    FANOTIFY_INIT(300, 262),
    MODIFY_LDT(154, NONE),
    IOPL(172, NONE),
    IOPERM(173, NONE),
    PERSONALITY(135, 92),
    LOOKUP_DCOOKIE(212, 18),
    // file systems and namespaces
    MOUNT(165, 40),
    UMOUNT2(166, 39),
    PIVOT_ROOT(155, 41),
    CHROOT(161, 51),
    OPEN_TREE(428, 428),
    MOVE_MOUNT(429, 429),
    FSOPEN(430, 430),
    FSCONFIG(431, 431),
    FSMOUNT(432, 432),
    FSPICK(433, 433),
    MOUNT_SETATTR(442, 442),
    OPEN_BY_HANDLE_AT(304, 265),
    MKNOD(133, NONE),
    MKNODAT(259, 33),
    SWAPON(167, 224),
    SWAPOFF(168, 225),
    QUOTACTL(179, 60),
    QUOTACTL_FD(443, 443),
    UNSHARE(272, 97),
    SETNS(308, 268),
    // the machine
    INIT_MODULE(175, 105),
    FINIT_MODULE(313, 273),
    DELETE_MODULE(176, 106),
    KEXEC_LOAD(246, 104),
    KEXEC_FILE_LOAD(320, 294),
    REBOOT(169, 142),
    SYSLOG(103, 116),
    ACCT(163, 89),
    SETTIMEOFDAY(164, 170),
    CLOCK_SETTIME(227, 112),
    CLOCK_ADJTIME(305, 266),
    ADJTIMEX(159, 171),
    SETHOSTNAME(170, 161),
    SETDOMAINNAME(171, 162),
    VHANGUP(153, 58);

    private final int x86;
    private final int arm;

    Refused(int x86, int arm) {
      this.x86 = x86;
      this.arm = arm;
    }

    int on(Machine machine) {
      return machine == Machine.X86_64 ? x86 : arm;
    }
  }

  private record Instruction(short code, int whenTrue, int whenFalse, int operand) {}

  private Seccomp() {}

  /**
   * Filters from now on. Needs no_new_privs, which all threads have then.
   *
   * @param executes whether programs may still be executed
   */
  static void install(Machine machine, boolean executes) {
    List<Instruction> program = program(machine, executes);
    try (Arena arena = Arena.ofConfined()) {
      // struct sock_filter { u16 code; u8 jt; u8 jf; u32 k; }
      MemorySegment filter = arena.allocate((long) program.size() * INSTRUCTION, Integer.BYTES);
      for (int i = 0; i < program.size(); i++) {
        Instruction each = program.get(i);
        MemorySegment slot = filter.asSlice((long) i * INSTRUCTION, INSTRUCTION);
        slot.set(JAVA_SHORT, 0, each.code);
        slot.set(JAVA_SHORT, 2, (short) jumps(each));
        slot.set(JAVA_INT, 4, each.operand);
      }
      // struct sock_fprog { unsigned short len; struct sock_filter *filter; }
      MemorySegment header = arena.allocate(16, Long.BYTES);
      header.set(JAVA_SHORT, 0, (short) program.size());
      header.set(JAVA_LONG, 8, filter.address());
      long result = load(machine, TSYNC | SPEC_ALLOW, header);
      if (result == -Errno.EINVAL.number()) { // Linux before 4.17
        result = load(machine, TSYNC, header);
      }
      if (result != 0) { // a thread's number, if it has a filter that we don't have
        throw new LinuxException("seccomp", "", result < 0 ? (int) -result : Errno.EBUSY.number());
      }
    }
  }

  /** Two octets, on machines whose low octet comes first. */
  private static int jumps(Instruction each) {
    return each.whenTrue | each.whenFalse << 8;
  }

  private static long load(Machine machine, int flags, MemorySegment program) {
    return ProcessCalls.syscall(machine.seccomp, SET_MODE_FILTER, flags, program.address());
  }

  private static List<Instruction> program(Machine machine, boolean executes) {
    List<Integer> refused = new ArrayList<>();
    for (Refused each : Refused.values()) {
      if (each.on(machine) != NONE) {
        refused.add(each.on(machine));
      }
    }
    boolean x86 = machine == Machine.X86_64;
    if (!executes) {
      refused.addAll(x86 ? List.of(59, 322) : List.of(221, 281)); // execve, execveat
    }
    int clone = x86 ? 56 : 220;
    int clone3 = 435;
    List<Instruction> program = new ArrayList<>();
    program.add(new Instruction(LOAD, 0, 0, ARCHITECTURE));
    program.add(new Instruction(JUMP_IF_EQUAL, 1, 0, machine.audit));
    program.add(refuse(Errno.EPERM.number()));
    program.add(new Instruction(LOAD, 0, 0, NUMBER));
    if (x86) { // a second set of numbers for the same calls
      program.add(new Instruction(JUMP_IF_AT_LEAST, 0, 1, X32));
      program.add(refuse(Errno.EPERM.number()));
    }
    // Its flags are in memory, where no filter can look; libc then takes clone.
    program.add(new Instruction(JUMP_IF_EQUAL, 0, 1, clone3));
    program.add(refuse(ENOSYS));
    program.add(new Instruction(JUMP_IF_EQUAL, 0, 4, clone));
    program.add(new Instruction(LOAD, 0, 0, FIRST_ARGUMENT));
    program.add(new Instruction(JUMP_IF_ANY, 0, 1, NEW_NAMESPACES));
    program.add(refuse(Errno.EPERM.number()));
    program.add(new Instruction(RETURN, 0, 0, ALLOW));
    for (int i = 0; i < refused.size(); i++) {
      int toEnd = refused.size() - i; // over the others and what allows
      program.add(new Instruction(JUMP_IF_EQUAL, toEnd, 0, refused.get(i)));
    }
    program.add(new Instruction(RETURN, 0, 0, ALLOW));
    program.add(refuse(Errno.EPERM.number()));
    return program;
  }

  private static Instruction refuse(int errno) {
    return new Instruction(RETURN, 0, 0, REFUSE | errno);
  }
}
