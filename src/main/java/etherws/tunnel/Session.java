package etherws.tunnel;

import etherws.bridge.Attachment;
import etherws.bridge.Bridge;
import etherws.bridge.Port;
import etherws.bridge.PortPolicy;
import etherws.frame.EthernetFrame;
import etherws.metrics.DropReason;
import etherws.metrics.PortCounters;
import org.jspecify.annotations.Nullable;

/**
 * The relation with one peer: its name, its counters and its port of the bridge. It outlives its
 * links; while it has none, frames for it are counted drops.
 *
 * <p>Frames come in on the event loop of its link.
 */
final class Session implements Port {
  private final String name;
  private final @Nullable String owner;
  private final @Nullable String id;
  private final Bridge bridge;
  private final Attachment attachment;
  private final PortCounters counters = new PortCounters();
  private volatile @Nullable Link link;

  /**
   * A session without a link yet; its port is attached to the bridge at once.
   *
   * @param owner whose it is on a hub; null on a spoke, whose port is an uplink
   */
  Session(String name, @Nullable String owner, Bridge bridge, PortPolicy policy) {
    this(name, owner, null, bridge, policy);
  }

  /**
   * The same.
   *
   * @param id tells a hub which links are of this session; null tells nothing
   */
  Session(
      String name, @Nullable String owner, @Nullable String id, Bridge bridge, PortPolicy policy) {
    this.name = name;
    this.owner = owner;
    this.id = id;
    this.bridge = bridge;
    this.attachment = bridge.attach(this, policy);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String owner() {
    return owner == null ? name : owner;
  }

  @Override
  public boolean isUplink() {
    return owner == null;
  }

  @Override
  public boolean isConnected() {
    return link != null;
  }

  @Override
  public PortCounters counters() {
    return counters;
  }

  @Override
  public void offer(EthernetFrame frame) {
    Link current = link;
    if (current == null) {
      counters.drop(DropReason.LINK_DOWN);
    } else {
      current.send(frame);
    }
  }

  /** A frame from the link, on its loop. */
  void receive(EthernetFrame frame) {
    attachment.receive(frame);
  }

  void linkUp(Link link) {
    this.link = link;
  }

  /** The link is gone. Another one may have taken its place before. */
  void linkDown(Link gone) {
    if (link == gone) {
      link = null;
    }
  }

  @Nullable String id() {
    return id;
  }

  /** The least MTU of the network's devices; 0 if there are none. */
  int networkMtu() {
    return bridge.mtu();
  }

  Attachment attachment() {
    return attachment;
  }

  @Nullable Link link() {
    return link;
  }

  /** Takes the port out of the bridge, on the loop of its last link. */
  void close() {
    link = null;
    attachment.detach();
  }
}
