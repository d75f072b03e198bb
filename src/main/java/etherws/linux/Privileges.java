package etherws.linux;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** How a process gives up all that it may do more than others of its user, on every thread. */
public final class Privileges {
  /*
   * In this order: no_new_privs, which lets no program that is executed give anything back, and the
   * bounding set, as long as we may; groups and user, which on Linux takes the capabilities with it
   * unless we have been that user already; what is left of the capabilities, inheritable ones too;
   * and the filter of system calls. Then /proc is asked about each thread whether it is so.
   */
  private static final int CAP_SETPCAP = 8;
  private static final int CAP_LAST = 63;
  private static final int CAPABILITY_VERSION_3 = 0x2008_0522;

  private Privileges() {}

  /** Whether this is a machine where capabilities can be taken from every thread. */
  public static boolean areKnown() {
    return Machine.here() != null;
  }

  /**
   * Becomes {@code user}, for good.
   *
   * @param executes whether programs may still be executed
   * @throws LinuxException if any step fails; the process had better end then
   */
  public static void drop(User user, boolean executes) {
    Machine machine = Machine.here();
    boolean limits = (ThreadStatus.current().capabilities("CapEff") & 1L << CAP_SETPCAP) != 0;
    Predicate<ThreadStatus> limited =
        thread -> thread.hasNoNewPrivileges() && (!limits || thread.capabilities("CapBnd") == 0);
    if (machine != null) {
      EveryThread.make(machine, limits(machine), limited);
    }
    become(user);
    if (machine != null) {
      EveryThread.make(machine, nothing(machine), ThreadStatus::isPowerless);
      Seccomp.install(machine, executes);
    }
    for (ThreadStatus thread : ThreadStatus.of("self")) {
      boolean good =
          thread.isOf(user.uid(), user.gid())
              && (machine == null
                  || (thread.isPowerless() && limited.test(thread) && thread.isFiltered()));
      if (!good) {
        throw new LinuxException("setresuid", user.name(), Errno.EPERM.number())
            .withHint("thread " + thread.name() + " is as it was; please report this");
      }
    }
  }

  private static List<EveryThread.Call> limits(Machine machine) {
    List<EveryThread.Call> calls = new ArrayList<>();
    calls.add(new EveryThread.Call(machine.prctl, ProcessCalls.PR_SET_NO_NEW_PRIVS, 1));
    for (int capability = 0; capability <= CAP_LAST; capability++) { // as many as there are
      calls.add(new EveryThread.Call(machine.prctl, ProcessCalls.PR_CAPBSET_DROP, capability));
    }
    return calls;
  }

  private static List<EveryThread.Call> nothing(Machine machine) {
    return List.of(
        new EveryThread.Call(
            machine.prctl, ProcessCalls.PR_CAP_AMBIENT, ProcessCalls.PR_CAP_AMBIENT_CLEAR_ALL),
        EveryThread.capset(machine, CAPABILITY_VERSION_3));
  }

  /** Nothing to do for who is that user already. */
  private static void become(User user) {
    if (ThreadStatus.current().isOf(user.uid(), user.gid())) {
      return;
    }
    if (user.account() == null) {
      check("setgroups", user, ProcessCalls.setgroups(user.gid()));
    } else {
      check("initgroups", user, ProcessCalls.initgroups(user.account(), user.gid()));
    }
    check("setresgid", user, ProcessCalls.setresgid(user.gid(), user.gid(), user.gid()));
    check("setresuid", user, ProcessCalls.setresuid(user.uid(), user.uid(), user.uid()));
  }

  private static void check(String call, User user, int result) {
    if (result < 0) {
      throw new LinuxException(call, user.name(), -result)
          .withHint("start it as root, or as " + user.name() + " itself");
    }
  }
}
