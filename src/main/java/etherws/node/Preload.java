package etherws.node;

import etherws.linux.LibC;
import io.netty.channel.epoll.Epoll;
import io.netty.handler.ssl.OpenSsl;
import org.slf4j.LoggerFactory;

/** Classes that take long to initialise, made ready while the main thread reads the options. */
public final class Preload {
  /*
   * Two threads that initialise classes which need each other in opposite order wait for ever. So
   * nobody may touch Netty or LibC before await, and logging, which both threads need, comes first.
   */
  private final Thread thread;

  private Preload(Thread thread) {
    this.thread = thread;
  }

  /**
   * Begins.
   *
   * @param tls true if the node seems to need it; a wrong guess costs time and nothing else
   */
  public static Preload start(boolean tls) {
    LoggerFactory.getILoggerFactory();
    return new Preload(
        Thread.ofPlatform()
            .daemon()
            .name("preload")
            .start(() -> {
              LibC.geteuid();
              Epoll.isAvailable();
              if (tls) {
                OpenSsl.isAvailable();
              }
            }));
  }

  /** Waits until all is ready. What failed, fails again where it is used. */
  public void await() throws InterruptedException {
    thread.join();
  }
}
