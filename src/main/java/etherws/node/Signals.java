package etherws.node;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/** The signals a daemon answers to, turned into something a thread can wait for. */
public final class Signals {
  /** What the process was asked to do. */
  public enum Request {
    /** SIGHUP. */
    RELOAD,
    /** SIGTERM, SIGINT, or the node can't go on. */
    STOP
  }

  private static final int SIGNALLED = 128;

  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  private @Nullable Thread starter;
  private int number;

  /**
   * Takes the three signals over from the JVM.
   *
   * @param starter interrupted by a request to stop, until {@link #started}
   */
  public Signals(Thread starter) {
    this.starter = starter;
    Signal.handle(new Signal("HUP"), _ -> requests.add(Request.RELOAD));
    Signal.handle(new Signal("TERM"), this::stop);
    Signal.handle(new Signal("INT"), this::stop);
  }

  private synchronized void stop(Signal signal) {
    number = signal.getNumber();
    stop();
  }

  /** As if SIGTERM had come. */
  public synchronized void stop() {
    requests.add(Request.STOP);
    if (starter != null) {
      starter.interrupt();
    }
  }

  /** The start is over, well or not: whoever waits for signals is not interrupted. */
  public synchronized void started() {
    starter = null;
    Thread.interrupted();
  }

  /** 128 and the number of the signal that ends the process, as shells have it; 0 for none. */
  public synchronized int status() {
    return number == 0 ? 0 : SIGNALLED + number;
  }

  public Request await() throws InterruptedException {
    return requests.take();
  }
}
