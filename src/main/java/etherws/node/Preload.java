package etherws.node;

import etherws.linux.LibC;
import io.netty.channel.epoll.Epoll;
import io.netty.handler.ssl.OpenSsl;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Classes that take long to initialise, made ready while the main thread reads the options. */
public final class Preload {
  /*
   * Two threads that initialise classes which need each other in opposite order wait for ever. So
   * nobody may touch Netty or LibC before await, these two need nothing of each other, and logging,
   * which Netty and the main thread need, comes first.
   */
  private final List<Thread> threads;

  private Preload(Thread... threads) {
    this.threads = List.of(threads);
  }

  /**
   * Begins.
   *
   * @param tls true if the node seems to need it; a wrong guess costs time and nothing else
   */
  public static Preload start(boolean tls) {
    Thread calls = start("preload-calls", LibC::geteuid);
    LoggerFactory.getILoggerFactory();
    Thread netty =
        start(
            "preload-netty",
            () -> {
              Epoll.isAvailable();
              if (tls) {
                OpenSsl.isAvailable();
              }
            });
    return new Preload(calls, netty);
  }

  private static Thread start(String name, Runnable work) {
    return Thread.ofPlatform().daemon().name(name).start(work);
  }

  /** Waits until all is ready. What failed, fails again where it is used. */
  public void await() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
