package etherws.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process of its own for {@link PrivilegesTest}, as it can't be undone: gives up its privileges
 * and tells on standard output what is left. Arguments: the user, whether it may still execute.
 */
final class Dropped {
  private static final int CLONE_NEWUSER = 0x1000_0000;
  private static final int CLONE_NEWNET = LibC.CLONE_NEWNET;
  private static final int SIGCHLD = 17;

  private Dropped() {}

  public static void main(String[] args) throws Exception {
    Thread idle = Thread.ofPlatform().daemon().start(() -> await(new Object()));
    Privileges.drop(User.of(args[0]), Boolean.parseBoolean(args[1]));
    Thread fresh = Thread.ofPlatform().daemon().start(() -> await(new Object()));
    for (ThreadStatus thread : ThreadStatus.of("self")) {
      boolean nothing = thread.isPowerless() && thread.capabilities("CapBnd") == 0;
      System.out.printf(
          "thread %s %s %s %s %s%n",
          thread.value("Uid").replaceFirst("\t.*", ""),
          nothing,
          thread.hasNoNewPrivileges(),
          thread.isFiltered(),
          thread.value("Groups").strip());
    }
    boolean x86 = Machine.here() == Machine.X86_64;
    System.out.println("setresuid " + ProcessCalls.setresuid(0, 0, 0));
    System.out.println("unshare " + ProcessCalls.syscall(x86 ? 272 : 97, 0, 0, 0));
    System.out.println("ptrace " + ProcessCalls.syscall(x86 ? 101 : 117, 0, 0, 0));
    System.out.println("bpf " + ProcessCalls.syscall(x86 ? 321 : 280, 0, 0, 0));
    System.out.println("clone3 " + ProcessCalls.syscall(435, 0, 0, 0));
    System.out.println("clone user " + clone(x86, CLONE_NEWUSER));
    System.out.println("clone net " + clone(x86, CLONE_NEWNET));
    System.out.println("getppid " + (ProcessCalls.syscall(x86 ? 110 : 173, 0, 0, 0) > 0));
    System.out.println("execute " + executes());
    System.out.println("threads " + (idle.isAlive() && fresh.isAlive()));
    System.out.println("dumpable " + Files.isReadable(Path.of("/proc/self/environ")));
  }

  /** Were it not refused, this would fork. */
  private static long clone(boolean x86, int flags) {
    return ProcessCalls.syscall(x86 ? 56 : 220, flags | SIGCHLD, 0, 0);
  }

  private static boolean executes() throws InterruptedException {
    try {
      return new ProcessBuilder("true").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static void await(Object never) {
    synchronized (never) {
      try {
        while (true) {
          never.wait();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
