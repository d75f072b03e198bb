package etherws.tunnel;

import etherws.linux.AddressEvents;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that addresses or routes of this host have changed: whoever has dialled somebody had
 * better see whether that still works. Owned by an event loop; without epoll it notices nothing.
 */
public final class Roaming {
  /*
   * One change comes as many events: an address goes, then its routes, another address comes, and so
   * on. The listener hears of the first soon, and of those within a second after that once more.
   */
  private static final Logger log = LoggerFactory.getLogger(Roaming.class);
  private static final long SOON_MILLIS = 100;
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final IoEventLoop loop;
  private final Runnable listener;
  private final AddressEvents events;
  private @Nullable IoRegistration registration;
  private final LongSupplier nanoTime;
  private long toldAt;
  private boolean due;

  private Roaming(
      IoEventLoop loop, Runnable listener, AddressEvents events, LongSupplier nanoTime) {
    this.loop = loop;
    this.listener = listener;
    this.events = events;
    this.nanoTime = nanoTime;
    this.toldAt = nanoTime.getAsLong() - PAUSE_NANOS;
  }

  /**
   * Begins to watch. Where that can't be done, links die of silence alone, which takes longer.
   *
   * @param listener told on the loop
   */
  public static @Nullable Roaming watch(
      IoEventLoop loop, Runnable listener, LongSupplier nanoTime) {
    AddressEvents events = Epoll.isAvailable() ? AddressEvents.open() : null;
    if (events == null) {
      log.debug("no news of addresses and routes here");
      return null;
    }
    Roaming roaming = new Roaming(loop, listener, events, nanoTime);
    loop.execute(roaming::register);
    return roaming;
  }

  private void register() {
    registration = loop.register(new Handle()).syncUninterruptibly().getNow();
    registration.submit(EpollIoOps.EPOLLIN);
  }

  /** Ends the watch. */
  public void close() {
    loop.execute(() -> {
      if (registration != null) {
        registration.cancel();
      }
      events.close();
    });
  }

  private void changed() {
    if (!due) {
      due = true;
      long pause = toldAt + PAUSE_NANOS - nanoTime.getAsLong();
      long soon = TimeUnit.MILLISECONDS.toNanos(SOON_MILLIS);
      loop.schedule(this::tell, Math.max(soon, pause), TimeUnit.NANOSECONDS);
    }
  }

  private void tell() {
    due = false;
    toldAt = nanoTime.getAsLong();
    listener.run();
  }

  private final class Handle implements EpollIoHandle {
    private final FileDescriptor fd = new FileDescriptor(events.fd());

    @Override
    public FileDescriptor fd() {
      return fd;
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
      if (events.drain()) {
        changed();
      }
    }

    /** The loop shuts down; the socket goes with the process or by {@link Roaming#close}. */
    @Override
    public void close() {}
  }
}
