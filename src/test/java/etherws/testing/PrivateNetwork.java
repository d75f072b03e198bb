package etherws.testing;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.TestAbortedException;

/**
 * {@code @ExtendWith(PrivateNetwork.class)}: every test method of the class runs in a network
 * namespace of its own, so that it may do to devices what it likes. Skips the test where that is
 * not permitted.
 */
public final class PrivateNetwork implements InvocationInterceptor {
  /*
   * A network namespace belongs to a thread. The test method gets a new platform thread, and what it
   * starts (threads, processes, event loops on their first task) inherits the namespace, which ends
   * with the last of them. Fields, @BeforeEach and @AfterEach run outside.
   */
  private static final int CLONE_NEWNET = 0x40000000;
  private static final int CAPABILITY_VERSION_3 = 0x20080522;

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext test)
      throws Throwable {
    intercept(invocation, test);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext test)
      throws Throwable {
    intercept(invocation, test);
  }

  private static void intercept(Invocation<Void> invocation, ExtensionContext test)
      throws Throwable {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread thread =
        Thread.ofPlatform()
            .name(test.getDisplayName())
            .start(() -> {
              try {
                enter(invocation);
                invocation.proceed();
              } catch (Throwable t) {
                failure.set(t);
              }
            });
    thread.join();
    if (failure.get() != null) {
      throw failure.get();
    }
  }

  private static void enter(Invocation<Void> invocation) throws Throwable {
    MethodHandle unshare = libc("unshare", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    if ((int) unshare.invokeExact(CLONE_NEWNET) != 0) {
      invocation.skip();
      throw new TestAbortedException("needs CAP_SYS_ADMIN and CAP_NET_ADMIN, or root");
    }
    // Else new devices send router solicitations among the test's frames.
    Path ipv6 = Path.of("/proc/sys/net/ipv6/conf/default/disable_ipv6");
    if (Files.exists(ipv6)) {
      Files.writeString(ipv6, "1");
    }
  }

  /** Makes the calling thread, for the rest of its life, as powerless as an ordinary user's. */
  public static void dropCapabilities() {
    try (Arena arena = Arena.ofConfined()) {
      // struct { u32 version; int pid; } and struct { u32 effective, permitted, inheritable; }[2]
      MemorySegment header = arena.allocate(8, 4);
      header.set(JAVA_INT, 0, CAPABILITY_VERSION_3);
      MethodHandle capset = libc("capset", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
      if ((int) capset.invokeExact(header, arena.allocate(24, 4)) != 0) {
        throw new IllegalStateException("capset");
      }
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  /** Runs a command in the namespace and fails unless it succeeds: {@code run("ip", "link")}. */
  public static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + output.strip());
    }
    return output;
  }

  @SuppressWarnings("restricted") // as LibC
  private static MethodHandle libc(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
  }
}
