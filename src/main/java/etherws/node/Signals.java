package etherws.node;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
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

  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();

  /** Takes the three signals over from the JVM. */
  public Signals() {
    Signal.handle(new Signal("HUP"), _ -> requests.add(Request.RELOAD));
    Signal.handle(new Signal("TERM"), _ -> requests.add(Request.STOP));
    Signal.handle(new Signal("INT"), _ -> requests.add(Request.STOP));
  }

  /** As if SIGTERM had come. */
  public void stop() {
    requests.add(Request.STOP);
  }

  public Request await() throws InterruptedException {
    return requests.take();
  }
}
