package etherws.linux;

import java.util.concurrent.atomic.AtomicInteger;

/** An open file that many threads use and any thread may close, at any time. */
public final class Descriptor implements AutoCloseable {
  /*
   * close(2) while another thread is about to write(2) would let that write hit whatever file gets
   * the number next. So users counts the threads inside a call, and its sign bit says closed: nobody
   * enters any more, and the last one out closes. A late comer backs off without a trace (it must
   * not count itself first, or it could become the last one out of a file already closed).
   *
   * Whoever lets a call block must wake it by other means: close does not.
   */
  private static final int CLOSED = Integer.MIN_VALUE;

  private final int number;
  private final AtomicInteger users = new AtomicInteger();

  /** Takes over an open file. */
  public Descriptor(int number) {
    this.number = number;
  }

  /** For registration with a poller, as long as the file is open. */
  public int number() {
    return number;
  }

  /** As {@link LibC#read}; -EBADF when closed. */
  public long read(long buf, long count) {
    if (!enter()) {
      return -Errno.EBADF.number();
    }
    long result = LibC.read(number, buf, count);
    exit();
    return result;
  }

  /** As {@link LibC#write}; -EBADF when closed. */
  public long write(long buf, long count) {
    if (!enter()) {
      return -Errno.EBADF.number();
    }
    long result = LibC.write(number, buf, count);
    exit();
    return result;
  }

  /** As {@link LibC#writev}; -EBADF when closed. */
  public long writev(long iov, int iovcnt) {
    if (!enter()) {
      return -Errno.EBADF.number();
    }
    long result = LibC.writev(number, iov, iovcnt);
    exit();
    return result;
  }

  /** As {@link LibC#ioctl}; -EBADF when closed. */
  public int ioctl(long request, long argument) {
    if (!enter()) {
      return -Errno.EBADF.number();
    }
    int result = LibC.ioctl(number, request, argument);
    exit();
    return result;
  }

  /** Idempotent. The file is closed on return, or as soon as the last call on it returns. */
  @Override
  public void close() {
    if (users.getAndUpdate(inside -> inside | CLOSED) == 0) {
      LibC.close(number);
    }
  }

  private boolean enter() {
    int inside = users.get();
    while (inside >= 0 && !users.compareAndSet(inside, inside + 1)) {
      inside = users.get();
    }
    return inside >= 0;
  }

  private void exit() {
    if (users.decrementAndGet() == CLOSED) {
      LibC.close(number);
    }
  }
}
