package etherws.frame;

import static java.util.Objects.requireNonNull;

import etherws.testing.Choices;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Frames and offload facts as a peer may send them. What is taken becomes plain frames that any
 * host accepts, the same behind a tag that was pushed and popped; cut TCP is put together again to
 * frames that are the same cut once more. No frame is read beyond its end.
 */
public final class OffloadFuzz {
  private static final UnpooledByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;

  private OffloadFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Choices choices = new Choices(input);
    Offload kind = requireNonNull(Offload.of(choices.below(4)));
    int segmentSize = choices.u16();
    byte[] octets = choices.rest();
    EthernetFrame frame = new EthernetFrame();
    if (!frame.wrap(Unpooled.wrappedBuffer(octets.clone()), 0, octets.length)) {
      return;
    }
    look(frame);
    if (!frame.offload(kind, segmentSize)) {
      return;
    }
    List<byte[]> plain = PlainFrames.of(frame);
    checkTagging(frame, plain);
    if (kind == Offload.TCP) {
      checkCoalescing(plain);
    }
  }

  /** All that a bridge and a queue ask of it. */
  private static void look(EthernetFrame frame) {
    int vid = frame.vid();
    if (vid < 0 || vid > 0xfff || (frame.isTaggedTwice() && !frame.isTagged())) {
      throw new AssertionError("VID " + vid);
    }
    if (Flow.hash(frame) < 0) {
      throw new AssertionError("hash");
    }
    Flow.isControl(frame);
    HostConfiguration.of(frame);
    MacAddress.isGroup(frame.destination());
    frame.source();
  }

  private static void checkTagging(EthernetFrame frame, List<byte[]> plain) {
    byte[] before = ByteBufUtil.getBytes(frame.buffer(), frame.start(), frame.length());
    frame.own(EthernetFrame.TAG_LENGTH, ALLOCATOR);
    VlanTag.push(frame, 7);
    List<byte[]> tagged = PlainFrames.of(frame);
    VlanTag.pop(frame);
    same(List.of(before), List.of(bytes(frame)));
    frame.giveBack();
    same(List.of(before), List.of(bytes(frame)));
    same(plain, PlainFrames.of(frame));
    if (tagged.size() != plain.size()) {
      throw new AssertionError("a tag changes the segments");
    }
  }

  private static void checkCoalescing(List<byte[]> plain) {
    List<byte[]> again = new ArrayList<>();
    Coalescer coalescer =
        new Coalescer(
            ALLOCATOR,
            frame -> {
              again.addAll(PlainFrames.of(frame));
              checkWouldBeTaken(frame);
            });
    for (byte[] segment : plain) {
      EthernetFrame view = new EthernetFrame();
      view.wrap(Unpooled.wrappedBuffer(segment), 0, segment.length);
      coalescer.offer(view);
    }
    coalescer.flush();
    coalescer.close();
    same(plain, again);
  }

  /** What we make of several frames has to be what we take from a peer. */
  static void checkWouldBeTaken(EthernetFrame frame) {
    ByteBuf copy = Unpooled.wrappedBuffer(bytes(frame));
    EthernetFrame theirs = new EthernetFrame();
    if (!theirs.wrap(copy, 0, copy.capacity())
        || !theirs.offload(frame.offload(), frame.segmentSize())
        || theirs.segments() != frame.segments()
        || (frame.isSuperFrame() && frame.segmentSize() < EthernetFrame.MIN_SEGMENT)) {
      throw new AssertionError("a super-frame of ours is none: " + ByteBufUtil.hexDump(copy));
    }
  }

  private static byte[] bytes(EthernetFrame frame) {
    return ByteBufUtil.getBytes(frame.buffer(), frame.start(), frame.length());
  }

  private static void same(List<byte[]> expected, List<byte[]> actual) {
    if (!Arrays.deepEquals(expected.toArray(), actual.toArray())) {
      throw new AssertionError("%d frames are other %d".formatted(expected.size(), actual.size()));
    }
  }
}
