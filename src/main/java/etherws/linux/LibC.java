package etherws.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The C library: one method per call, with the call's own name. Pointers are plain addresses. */
public final class LibC {
  /*
   * A method returns what the call returned, or -errno where libc returned -1, as the kernel itself
   * does. errno is captured per thread, so every method is safe from any thread.
   *
   * Calls made per frame (read, write, writev, recvmsg) invoke their handles themselves: the JDK makes
   * an object for each call, and the JIT does away with it only where it inlines the whole call, down
   * from a method that it compiles for itself (the launcher sees to that), in not too many steps.
   *
   * A downcall handle is cheap, but the first of its shape (types of arguments and result) is not:
   * the JDK spins code for it. So all calls have one shape: three registers in, one out. Every ABI
   * that the JDK links to on Linux passes an int in a whole register, lets a callee ignore spare
   * ones, and leaves only the upper half of an int result undefined, which the cast in i32 cuts
   * off. Variadic functions need a shape of their own, as their convention may differ; calls of more
   * than three arguments have the shape in Wide, which is spun when the first of them is made.
   */

  // fcntl.h, sys/socket.h
  public static final int O_RDWR = 0x2;
  public static final int O_NONBLOCK = 0x800;
  public static final int O_CLOEXEC = 0x80000;
  public static final int AF_UNIX = 1;
  public static final int AF_INET = 2;
  public static final int AF_INET6 = 10;
  public static final int AF_NETLINK = 16;
  public static final int AF_PACKET = 17;
  public static final int SOCK_DGRAM = 2;
  public static final int SOCK_RAW = 3;
  public static final int SOCK_CLOEXEC = O_CLOEXEC;
  public static final int SOCK_NONBLOCK = O_NONBLOCK;

  // sched.h
  public static final int CLONE_NEWNET = 0x4000_0000;

  // sys/resource.h
  public static final int PRIO_PROCESS = 0;

  // sys/eventfd.h, poll.h
  public static final int EFD_CLOEXEC = O_CLOEXEC;
  public static final int EFD_NONBLOCK = O_NONBLOCK;
  public static final short POLLIN = 0x1;

  // syslog.h
  public static final int LOG_ERR = 3;
  public static final int LOG_WARNING = 4;
  public static final int LOG_INFO = 6;
  public static final int LOG_DEBUG = 7;
  public static final int LOG_DAEMON = 3 << 3;
  public static final int LOG_PID = 0x1;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final FunctionDescriptor SHAPE =
      FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
  private static final long ERRNO =
      Linker.Option.captureStateLayout().byteOffset(PathElement.groupElement("errno"));
  private static final ThreadLocal<MemorySegment> CALL_STATE =
      ThreadLocal.withInitial(
          () -> Arena.ofAuto().allocate(Linker.Option.captureStateLayout())); // one per thread

  private static final MethodHandle OPEN = variadic("open");
  private static final MethodHandle CLOSE = fixed("close");
  private static final MethodHandle READ = fixed("read");
  private static final MethodHandle WRITE = fixed("write");
  private static final MethodHandle WRITEV = fixed("writev");
  private static final MethodHandle IOCTL = variadic("ioctl");
  private static final MethodHandle POLL = fixed("poll");
  private static final MethodHandle EVENTFD = fixed("eventfd");
  private static final MethodHandle SOCKET = fixed("socket");
  private static final MethodHandle BIND = fixed("bind");
  private static final MethodHandle RECVMSG = fixed("recvmsg");
  private static final MethodHandle DUP2 = fixed("dup2");
  private static final MethodHandle SETSID = fixed("setsid");
  private static final MethodHandle SETNS = fixed("setns");
  private static final MethodHandle CHDIR = fixed("chdir");
  private static final MethodHandle GETEUID = fixed("geteuid");
  private static final MethodHandle GETPWNAM = fixed("getpwnam");
  private static final MethodHandle SETPRIORITY = fixed("setpriority");
  private static final MethodHandle OPENLOG = fixed("openlog");
  private static final MethodHandle SYSLOG = variadic("syslog");

  private static final MemorySegment SYSLOG_FORMAT = Arena.global().allocateFrom("%s");

  private static final class Wide {
    static final FunctionDescriptor SHAPE =
        FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    static final MethodHandle SETSOCKOPT = handle("setsockopt", SHAPE, CAPTURE);
  }

  private LibC() {}

  /** {@code int open(const char *pathname, int flags, ...)}. */
  public static int open(String pathname, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      return i32(OPEN, arena.allocateFrom(pathname).address(), flags, 0);
    }
  }

  /** {@code int close(int fd)}. Not to be repeated after EINTR: the descriptor is gone anyway. */
  public static int close(int fd) {
    return i32(CLOSE, fd, 0, 0);
  }

  /** {@code ssize_t read(int fd, void *buf, size_t count)}. */
  public static long read(int fd, long buf, long count) {
    MemorySegment state = CALL_STATE.get();
    try {
      return result((long) READ.invokeExact(state, (long) fd, buf, count), state);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  /** {@code ssize_t write(int fd, const void *buf, size_t count)}. */
  public static long write(int fd, long buf, long count) {
    MemorySegment state = CALL_STATE.get();
    try {
      return result((long) WRITE.invokeExact(state, (long) fd, buf, count), state);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  /** {@code ssize_t writev(int fd, const struct iovec *iov, int iovcnt)}. */
  public static long writev(int fd, long iov, int iovcnt) {
    MemorySegment state = CALL_STATE.get();
    try {
      return result((long) WRITEV.invokeExact(state, (long) fd, iov, (long) iovcnt), state);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  /** {@code int ioctl(int fd, unsigned long request, ...)}. */
  public static int ioctl(int fd, long request, long argument) {
    return i32(IOCTL, fd, request, argument);
  }

  /** {@code int poll(struct pollfd *fds, nfds_t nfds, int timeout)}. */
  public static int poll(long fds, long nfds, int timeoutMillis) {
    return i32(POLL, fds, nfds, timeoutMillis);
  }

  /** {@code int eventfd(unsigned int initval, int flags)}. */
  public static int eventfd(int initval, int flags) {
    return i32(EVENTFD, initval, flags, 0);
  }

  /** {@code int socket(int domain, int type, int protocol)}. */
  public static int socket(int domain, int type, int protocol) {
    return i32(SOCKET, domain, type, protocol);
  }

  /** {@code int bind(int sockfd, const struct sockaddr *addr, socklen_t addrlen)}. */
  public static int bind(int sockfd, long addr, int addrlen) {
    return i32(BIND, sockfd, addr, addrlen);
  }

  /** {@code ssize_t recvmsg(int sockfd, struct msghdr *msg, int flags)}. */
  public static long recvmsg(int sockfd, long msg, int flags) {
    MemorySegment state = CALL_STATE.get();
    try {
      return result((long) RECVMSG.invokeExact(state, (long) sockfd, msg, (long) flags), state);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  /**
   * {@code int setsockopt(int sockfd, int level, int optname, const void *optval, socklen_t
   * optlen)}.
   */
  public static int setsockopt(int sockfd, int level, int optname, long optval, int optlen) {
    try {
      MethodHandle function = Wide.SETSOCKOPT;
      MemorySegment state = CALL_STATE.get();
      int result =
          (int)
              (long)
                  function.invokeExact(
                      state, (long) sockfd, (long) level, (long) optname, optval, (long) optlen);
      return result == -1 ? -errno() : result;
    } catch (Throwable t) {
      throw new AssertionError("a downcall throws nothing", t);
    }
  }

  /** {@code int dup2(int oldfd, int newfd)}. */
  public static int dup2(int oldfd, int newfd) {
    return i32(DUP2, oldfd, newfd, 0);
  }

  /** {@code pid_t setsid(void)}. */
  public static int setsid() {
    return i32(SETSID, 0, 0, 0);
  }

  /** {@code int setns(int fd, int nstype)}. Moves the calling thread alone. */
  public static int setns(int fd, int nstype) {
    return i32(SETNS, fd, nstype, 0);
  }

  /** {@code int chdir(const char *path)}. */
  public static int chdir(String path) {
    try (Arena arena = Arena.ofConfined()) {
      return i32(CHDIR, arena.allocateFrom(path).address(), 0, 0);
    }
  }

  /** {@code uid_t geteuid(void)}: unsigned, and never an error. */
  public static int geteuid() {
    return (int) call(GETEUID, 0, 0, 0);
  }

  /**
   * {@code struct passwd *getpwnam(const char *name)}: 0 if there is none of that name, or -errno.
   * The struct is libc's own, good until the next call by any thread.
   */
  public static long getpwnam(String name) {
    try (Arena arena = Arena.ofConfined()) {
      return i64(GETPWNAM, arena.allocateFrom(name).address(), 0, 0);
    }
  }

  /** {@code int setpriority(int which, id_t who, int prio)}. Linux: of one thread. */
  public static int setpriority(int which, int who, int prio) {
    return i32(SETPRIORITY, which, who, prio);
  }

  /** {@code void openlog(const char *ident, int option, int facility)}. libc keeps the pointer. */
  public static void openlog(String ident, int option, int facility) {
    call(OPENLOG, Arena.global().allocateFrom(ident).address(), option, facility);
  }

  /** {@code void syslog(int priority, const char *format, ...)}, with the format {@code "%s"}. */
  public static void syslog(int priority, String message) {
    try (Arena arena = Arena.ofConfined()) {
      call(SYSLOG, priority, SYSLOG_FORMAT.address(), arena.allocateFrom(message).address());
    }
  }

  static int i32(MethodHandle function, long a, long b, long c) {
    int result = (int) call(function, a, b, c);
    return result == -1 ? -errno() : result;
  }

  private static long result(long result, MemorySegment state) {
    return result == -1 ? -state.get(JAVA_INT, ERRNO) : result;
  }

  private static AssertionError impossible(Throwable t) {
    return new AssertionError("a downcall throws nothing", t);
  }

  static long i64(MethodHandle function, long a, long b, long c) {
    long result = call(function, a, b, c);
    return result == -1 ? -errno() : result;
  }

  private static long call(MethodHandle function, long a, long b, long c) {
    try {
      return (long) function.invokeExact(CALL_STATE.get(), a, b, c);
    } catch (Throwable t) {
      throw new AssertionError("a downcall throws nothing", t);
    }
  }

  static MemorySegment callState() {
    return CALL_STATE.get();
  }

  static int errno() {
    return CALL_STATE.get().get(JAVA_INT, ERRNO);
  }

  static MethodHandle fixed(String name) {
    return handle(name, SHAPE, CAPTURE);
  }

  /** All variadic calls here happen to have two fixed arguments. */
  private static MethodHandle variadic(String name) {
    return handle(name, SHAPE, CAPTURE, Linker.Option.firstVariadicArg(2));
  }

  @SuppressWarnings("restricted") // native access is this class's purpose; the launcher allows it
  static MethodHandle handle(String name, FunctionDescriptor shape, Linker.Option... options) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), shape, options);
  }
}
