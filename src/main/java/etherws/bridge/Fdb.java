package etherws.bridge;

import etherws.frame.MacAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The forwarding database: the port on which each (VID, MAC) was last seen. */
final class Fdb {
  /*
   * Called by every ingress thread at once. A set-associative table: an address lives in one of the
   * WAYS slots that its hash names, or nowhere. Lookup reads those slots and takes no lock; learn
   * writes only when the port has changed or the entry is a second old, so that a steady flow leaves
   * the cache lines alone. A new entry takes a free slot, else that of the address silent for
   * longest, so the table can't grow. Slots change by compare-and-set: of two threads that learn at
   * once one wins, and the other's next frame learns again. Should both store the same address in
   * two slots, lookup and learn agree on the first and the second ages out.
   *
   * Ageing is lazy: lookup ignores an entry past its time.
   */
  private static final int WAYS = 16;
  private static final long REFRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final AtomicReferenceArray<@Nullable Entry> slots;
  private final int mask;
  private final long ageingNanos;
  private final LongSupplier nanoTime;

  Fdb(BridgeSettings settings, LongSupplier nanoTime) {
    int size = Math.max(WAYS, Integer.highestOneBit(settings.fdbSize()));
    this.slots = new AtomicReferenceArray<>(size);
    this.mask = size - 1;
    this.ageingNanos = settings.ageing().toNanos();
    this.nanoTime = nanoTime;
  }

  /** Remembers that {@code mac} was just seen on {@code port}. Group addresses are not learned. */
  void learn(int vid, long mac, Port port) {
    if (MacAddress.isGroup(mac)) {
      return;
    }
    long key = key(vid, mac);
    long now = nanoTime.getAsLong();
    int first = firstSlot(key);
    int victim = first;
    long victimAge = -1;
    for (int i = 0; i < WAYS; i++) {
      int slot = (first + i) & mask;
      Entry entry = slots.get(slot);
      if (entry != null && entry.key == key) {
        if (entry.port != port) {
          slots.compareAndSet(slot, entry, new Entry(key, port, now));
        } else if (now - entry.seenNanos >= REFRESH_NANOS) {
          entry.seenNanos = now;
        }
        return;
      }
      long age = entry == null ? Long.MAX_VALUE : now - entry.seenNanos;
      if (age > victimAge) {
        victim = slot;
        victimAge = age;
      }
    }
    slots.compareAndSet(victim, slots.get(victim), new Entry(key, port, now));
  }

  /** The port to forward to, or null when the address is unknown or its entry has aged out. */
  @Nullable Port lookup(int vid, long mac) {
    long key = key(vid, mac);
    int first = firstSlot(key);
    for (int i = 0; i < WAYS; i++) {
      Entry entry = slots.get((first + i) & mask);
      if (entry != null && entry.key == key) {
        return nanoTime.getAsLong() - entry.seenNanos <= ageingNanos ? entry.port : null;
      }
    }
    return null;
  }

  /** Drops every entry of a port that is leaving the bridge. */
  void forget(Port port) {
    for (int slot = 0; slot <= mask; slot++) {
      Entry entry = slots.get(slot);
      if (entry != null && entry.port == port) {
        slots.compareAndSet(slot, entry, null);
      }
    }
  }

  /** Addresses that lookup would find. */
  int size() {
    long now = nanoTime.getAsLong();
    int live = 0;
    for (int slot = 0; slot <= mask; slot++) {
      Entry entry = slots.get(slot);
      if (entry != null && now - entry.seenNanos <= ageingNanos) {
        live++;
      }
    }
    return live;
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
    final Port port;
    volatile long seenNanos;

    Entry(long key, Port port, long seenNanos) {
      this.key = key;
      this.port = port;
      this.seenNanos = seenNanos;
    }
  }
}
