package etherws.bridge;

import etherws.bridge.VlanFilter.Form;
import etherws.frame.EthernetFrame;
import etherws.frame.MacAddress;
import etherws.frame.VlanTag;
import etherws.metrics.DropReason;
import io.netty.buffer.PooledByteBufAllocator;
import org.jspecify.annotations.Nullable;

/** The way out: who gets a frame of a VLAN, and whether with a tag. Pure functions. */
final class Egress {
  /*
   * A frame is needed in two forms at most, so it changes once at most: those who want it as it is
   * are offered it first. By the time it changes nobody keeps its buffer, since what is offered to
   * several ports is shared. The last form, if only one port wants it, is that port's to keep.
   */
  private Egress() {}

  /**
   * Offers the frame to the port that knows its destination.
   *
   * @return why not; null if it did
   */
  static @Nullable DropReason forward(
      Attachment in, Attachment out, EthernetFrame frame, int vid, long now) {
    Rules to = out.rules();
    DropReason denial = in.rules().denyBetween(to);
    if (denial != null) {
      return denial;
    }
    Form form = to.vlan.egress(vid);
    if (form == Form.NONE || !change(frame, form, vid)) {
      return DropReason.VLAN;
    }
    out.offer(frame, now);
    frame.giveBack();
    return null;
  }

  /**
   * Offers the frame to all members of the VLAN but the port it came in by.
   *
   * @return why not to some; null if to all
   */
  static @Nullable DropReason flood(Attachment in, EthernetFrame frame, int vid, long now) {
    Form present = vid != 0 && frame.isTagged() ? Form.TAGGED : Form.UNTAGGED;
    Form other = present == Form.TAGGED ? Form.UNTAGGED : Form.TAGGED;
    change(frame, present, vid); // of a priority tag, the VID
    boolean changed = true;
    if (offerToAll(in, frame, vid, present, now)) {
      changed = change(frame, other, vid);
      if (changed) {
        offerToAll(in, frame, vid, other, now);
      }
    }
    frame.giveBack();
    return changed ? null : DropReason.VLAN;
  }

  /** Offers the frame to those who want it in this form. True if some want it in another. */
  private static boolean offerToAll(
      Attachment in, EthernetFrame frame, int vid, Form form, long now) {
    Rules from = in.rules();
    boolean unknown = !MacAddress.isGroup(frame.destination());
    Attachment last = null;
    boolean others = false;
    for (Attachment out : in.members()) {
      Form wanted = out == in ? Form.NONE : wanted(from, out.rules(), unknown, vid);
      if (wanted == form) {
        if (last != null) {
          frame.share();
          last.offer(frame, now);
        }
        last = out;
      } else if (wanted != Form.NONE) {
        others = true;
      }
    }
    if (last != null) {
      if (others) {
        frame.share();
      }
      last.offer(frame, now);
    }
    frame.shared();
    return others;
  }

  private static Form wanted(Rules from, Rules to, boolean unknown, int vid) {
    boolean denied = (unknown && !to.flood) || from.denyBetween(to) != null;
    return denied ? Form.NONE : to.vlan.egress(vid);
  }

  /**
   * Gives the frame the tag that it needs, or none. False if it had another below, which would put
   * it into a VLAN that it doesn't belong to.
   */
  private static boolean change(EthernetFrame frame, Form form, int vid) {
    if (vid == 0) {
      return true; // leaves as it came, with a priority tag perhaps
    }
    if (form == Form.TAGGED) {
      tag(frame, vid);
    } else if (frame.isTagged()) {
      if (frame.isTaggedTwice()) {
        return false;
      }
      frame.own(0, PooledByteBufAllocator.DEFAULT);
      VlanTag.pop(frame);
    }
    return true;
  }

  private static void tag(EthernetFrame frame, int vid) {
    if (!frame.isTagged()) {
      frame.own(EthernetFrame.TAG_LENGTH, PooledByteBufAllocator.DEFAULT);
      VlanTag.push(frame, vid);
    } else if (frame.vid() != vid) {
      frame.own(0, PooledByteBufAllocator.DEFAULT);
      VlanTag.setVid(frame, vid);
    }
  }
}
