package etherws.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/** Calls of libc that few processes make. As in {@link LibC}, which starts faster without them. */
final class ProcessCalls {
  // bits/sigaction.h, asm-generic/signal.h, sys/mman.h
  static final int SIGURG = 23;
  static final int SA_RESTART = 0x1000_0000;
  static final int PROT_READ = 0x1;
  static final int PROT_EXEC = 0x4;

  // linux/prctl.h
  static final int PR_CAPBSET_DROP = 24;
  static final int PR_SET_NO_NEW_PRIVS = 38;
  static final int PR_CAP_AMBIENT = 47;
  static final int PR_CAP_AMBIENT_CLEAR_ALL = 4;

  private static final FunctionDescriptor SYSCALL_SHAPE =
      FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private static final MethodHandle GETGRNAM = LibC.fixed("getgrnam");
  private static final MethodHandle INITGROUPS = LibC.fixed("initgroups");
  private static final MethodHandle SETGROUPS = LibC.fixed("setgroups");
  private static final MethodHandle SETRESGID = LibC.fixed("setresgid");
  private static final MethodHandle SETRESUID = LibC.fixed("setresuid");
  private static final MethodHandle SIGACTION = LibC.fixed("sigaction");
  private static final MethodHandle MPROTECT = LibC.fixed("mprotect");
  private static final MethodHandle GETPID = LibC.fixed("getpid");
  private static final MethodHandle TGKILL = LibC.fixed("tgkill");
  private static final MethodHandle CONNECT = LibC.fixed("connect");
  private static final MethodHandle SYSCALL =
      LibC.handle("syscall", SYSCALL_SHAPE, LibC.CAPTURE, Linker.Option.firstVariadicArg(1));

  private ProcessCalls() {}

  /** {@code struct group *getgrnam(const char *name)}: 0 if there is none, or -errno. */
  static long getgrnam(String name) {
    try (Arena arena = Arena.ofConfined()) {
      return LibC.i64(GETGRNAM, arena.allocateFrom(name).address(), 0, 0);
    }
  }

  /** {@code int initgroups(const char *user, gid_t group)}. Of all threads. */
  static int initgroups(String user, int group) {
    try (Arena arena = Arena.ofConfined()) {
      return LibC.i32(INITGROUPS, arena.allocateFrom(user).address(), group, 0);
    }
  }

  /** {@code int setgroups(size_t size, const gid_t *list)}, of one. Of all threads. */
  static int setgroups(int group) {
    try (Arena arena = Arena.ofConfined()) {
      return LibC.i32(SETGROUPS, 1, arena.allocateFrom(JAVA_INT, group).address(), 0);
    }
  }

  /** {@code int setresgid(gid_t rgid, gid_t egid, gid_t sgid)}. Of all threads. */
  static int setresgid(int rgid, int egid, int sgid) {
    return LibC.i32(SETRESGID, rgid, egid, sgid);
  }

  /** {@code int setresuid(uid_t ruid, uid_t euid, uid_t suid)}. Of all threads. */
  static int setresuid(int ruid, int euid, int suid) {
    return LibC.i32(SETRESUID, ruid, euid, suid);
  }

  /** {@code int sigaction(int signum, const struct sigaction *act, struct sigaction *oldact)}. */
  static int sigaction(int signum, long act, long oldact) {
    return LibC.i32(SIGACTION, signum, act, oldact);
  }

  /** {@code int mprotect(void *addr, size_t len, int prot)}. */
  static int mprotect(long addr, long len, int prot) {
    return LibC.i32(MPROTECT, addr, len, prot);
  }

  /** {@code pid_t getpid(void)}. */
  static int getpid() {
    return LibC.i32(GETPID, 0, 0, 0);
  }

  /** {@code int tgkill(pid_t tgid, pid_t tid, int sig)}. */
  static int tgkill(int tgid, int tid, int sig) {
    return LibC.i32(TGKILL, tgid, tid, sig);
  }

  /** {@code int connect(int sockfd, const struct sockaddr *addr, socklen_t addrlen)}. */
  static int connect(int sockfd, long addr, int addrlen) {
    return LibC.i32(CONNECT, sockfd, addr, addrlen);
  }

  /** {@code long syscall(long number, ...)}, of a call that takes three arguments. */
  static long syscall(int number, long a, long b, long c) {
    try {
      long result = (long) SYSCALL.invokeExact(LibC.callState(), (long) number, a, b, c);
      return result == -1 ? -LibC.errno() : result;
    } catch (Throwable t) {
      throw new AssertionError("a downcall throws nothing", t);
    }
  }
}
