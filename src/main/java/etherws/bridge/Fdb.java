package etherws.bridge;

import etherws.metrics.DropReason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The forwarding database: the port on which each (VID, MAC) was last seen. */
final class Fdb {
  /*
   * Called by every ingress thread at once. A set-associative table: an address lives in one of the
   * WAYS slots that its hash names, or nowhere. Lookup reads those slots and takes no lock; learn
   * writes only when the port has changed or the entry is REFRESH_NANOS old, so that a steady flow
   * leaves the cache lines alone. Slots change by compare-and-set: of two threads that learn at
   * once one wins, and the other's next frame learns again. Should both store the same address in
   * two slots, lookup and learn agree on the first and the second ages out.
   *
   * A new entry takes a free or aged slot. In a full set the port that has most of it makes room,
   * counting the new entry as well, by its address silent for longest. So a port that invents
   * addresses evicts its own, even if it can foresee the hash. Each port counts its entries: whoever
   * puts one in or takes one out by compare-and-set counts it.
   *
   * Ageing is lazy: lookup ignores an entry past its time. sweep takes it out later.
   */
  private static final int WAYS = 16;
  private static final int SWEEPS = 16;
  private static final long REFRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long FLAP_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Moves between ports within {@link #FLAP_NANOS} that are roaming yet, and no loop. */
  static final int MAX_MOVES = 10;

  /** Told when an address moves to and fro more often than a host can. */
  @FunctionalInterface
  interface FlapListener {
    void flapping(long mac, Attachment from, Attachment to, long now);
  }

  private final AtomicReferenceArray<@Nullable Entry> slots;
  private final int mask;
  private final long ageingNanos;
  private final FlapListener listener;
  private volatile int nextSweep;

  Fdb(BridgeSettings settings, FlapListener listener) {
    int size = Math.max(WAYS, Integer.highestOneBit(settings.fdbSize()));
    this.slots = new AtomicReferenceArray<>(size);
    this.mask = size - 1;
    this.ageingNanos = settings.ageing().toNanos();
    this.listener = listener;
  }

  /**
   * Remembers that {@code mac}, which is nobody else's but a station's, was just seen on a port.
   *
   * @return why the port may not use it; null if it may
   */
  @Nullable DropReason learn(int vid, long mac, Attachment port, long now) {
    long key = key(vid, mac);
    int first = firstSlot(key);
    for (int i = 0; i < WAYS; i++) {
      int slot = (first + i) & mask;
      Entry entry = slots.get(slot);
      if (entry != null && entry.key == key) {
        if (entry.port != port) {
          return move(slot, entry, port, now);
        }
        if (now - entry.seenNanos >= REFRESH_NANOS) {
          entry.seenNanos = now;
        }
        return null;
      }
    }
    return put(victim(first, port, now), new Entry(key, port, now, 0, now));
  }

  private @Nullable DropReason move(int slot, Entry entry, Attachment port, long now) {
    boolean flaps = now - entry.movingSince < FLAP_NANOS;
    int moves = flaps ? entry.moves + 1 : 1;
    if (isHeld(entry, port, now)) {
      return DropReason.MAC_IN_USE;
    }
    long since = flaps ? entry.movingSince : now;
    DropReason denial = put(slot, entry, new Entry(entry.key, port, now, moves, since));
    if (denial == null && moves > MAX_MOVES) {
      listener.flapping(entry.mac(), entry.port, port, now);
    }
    return denial;
  }

  private static boolean isHeld(Entry entry, Attachment claimant, long now) {
    return now - entry.seenNanos < claimant.rules().stealHoldNanos
        && entry.port.isOpen()
        && !entry.port.port().owner().equals(claimant.port().owner());
  }

  private @Nullable DropReason put(int slot, Entry entry) {
    return put(slot, slots.get(slot), entry);
  }

  private @Nullable DropReason put(int slot, @Nullable Entry old, Entry entry) {
    if (!entry.port.takePlace()) {
      return DropReason.MAC_LIMIT;
    }
    if (!slots.compareAndSet(slot, old, entry)) {
      entry.port.givePlace();
    } else if (old != null) {
      old.port.givePlace();
    }
    return null;
  }

  /** The slot for a new entry of the port. */
  private int victim(int first, Attachment port, long now) {
    int victim = -1;
    int most = 0;
    long longest = 0;
    for (int i = 0; i < WAYS; i++) {
      int slot = (first + i) & mask;
      Entry entry = slots.get(slot);
      if (entry == null || isAged(entry, now)) {
        return slot;
      }
      int owned = owned(first, entry.port) + (entry.port == port ? 1 : 0);
      long silent = now - entry.seenNanos;
      if (victim < 0 || owned > most || (owned == most && silent > longest)) {
        victim = slot;
        most = owned;
        longest = silent;
      }
    }
    return victim;
  }

  private int owned(int first, Attachment port) {
    int owned = 0;
    for (int i = 0; i < WAYS; i++) {
      Entry entry = slots.get((first + i) & mask);
      if (entry != null && entry.port == port) {
        owned++;
      }
    }
    return owned;
  }

  /** The open port to forward to; null when the address is unknown or its entry has aged out. */
  @Nullable Attachment lookup(int vid, long mac, long now) {
    long key = key(vid, mac);
    int first = firstSlot(key);
    for (int i = 0; i < WAYS; i++) {
      Entry entry = slots.get((first + i) & mask);
      if (entry != null && entry.key == key) {
        return isAged(entry, now) || !entry.port.isOpen() ? null : entry.port;
      }
    }
    return null;
  }

  private boolean isAged(Entry entry, long now) {
    return now - entry.seenNanos > ageingNanos;
  }

  /** Drops every entry of a port. */
  void forget(Attachment port) {
    remove(0, slots.length(), entry -> entry.port == port);
  }

  void clear() {
    remove(0, slots.length(), entry -> true);
  }

  /** Takes out what has aged in the next part of the table: all of it in 16 calls. */
  void sweep(long now) {
    int from = nextSweep;
    int part = slots.length() / SWEEPS;
    remove(from, from + part, entry -> isAged(entry, now));
    nextSweep = (from + part) & mask;
  }

  private void remove(int from, int to, Predicate<Entry> which) {
    for (int slot = from; slot < to; slot++) {
      Entry entry = slots.get(slot);
      if (entry != null && which.test(entry) && slots.compareAndSet(slot, entry, null)) {
        entry.port.givePlace();
      }
    }
  }

  /** What lookup would find, in no order. */
  List<FdbEntry> entries(long now) {
    List<FdbEntry> entries = new ArrayList<>();
    for (int slot = 0; slot <= mask; slot++) {
      Entry entry = slots.get(slot);
      if (entry != null && !isAged(entry, now)) {
        long age = TimeUnit.NANOSECONDS.toSeconds(now - entry.seenNanos);
        entries.add(new FdbEntry(entry.vid(), entry.mac(), entry.port, Math.max(0, age)));
      }
    }
    return List.copyOf(entries);
  }

  private static long key(int vid, long mac) {
    return (long) vid << 48 | mac;
  }

  private int firstSlot(long key) {
    long mixed = key * 0x9e37_79b9_7f4a_7c15L;
    return (int) (mixed >>> 32) & mask;
  }

  private static final class Entry {
    final long key;
    final Attachment port;
    final int moves;
    final long movingSince;
    volatile long seenNanos;

    Entry(long key, Attachment port, long seenNanos, int moves, long movingSince) {
      this.key = key;
      this.port = port;
      this.moves = moves;
      this.movingSince = movingSince;
      this.seenNanos = seenNanos;
    }

    int vid() {
      return (int) (key >>> 48);
    }

    long mac() {
      return key & 0xffff_ffff_ffffL;
    }
  }
}
