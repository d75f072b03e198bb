package etherws.metrics;

/** Why a frame died. The only voice of the hot path: never a log line, never an exception. */
public enum DropReason {
  RUNT("shorter than an Ethernet header (14 octets)"),
  GIANT("longer than any frame this program carries, or in segments over the device's MTU"),
  OFFLOAD("left for us to segment or checksum in a way that doesn't fit its headers"),
  TEXT("a text message where only binary ones carry frames"),
  ECHO("a group-addressed frame of ours that the peer's server sent back to us"),
  LINK_DOWN("the port had no link when the frame was due"),
  QUEUE_FULL("the port's send queue was at its bound in octets"),
  QUEUE_OLD("the frame waited longer in the send queue than it is worth"),
  DEVICE("the kernel refused the frame: the device is down, or it is malformed"),
  SHUT("the port was shut, by the operator or after a loop"),
  STANDBY("the port waits while another uplink of its group carries the frames"),
  LOOP("a probe of this bridge that came back to it: there is a loop"),
  VLAN("of a VLAN that has no member there, or with a second tag beneath the one to be removed"),
  SOURCE("its source address was nobody's: a group address, or zero"),
  MAC_LOCK("its source address was not on the port's list"),
  MAC_LIMIT("its source address was new, and the port had as many as it may have"),
  MAC_IN_USE("its source address had just been active on another port"),
  BROADCAST_STORM("over the port's rate of broadcasts"),
  MULTICAST_STORM("over the port's rate of multicasts"),
  UNKNOWN_STORM("over the port's rate of frames to unknown addresses"),
  INGRESS_RATE("over the rate at which the port may bring in"),
  EGRESS_RATE("over the rate at which the port may be sent to"),
  ISOLATED("from one isolated port to another"),
  GROUP("from one port of a split horizon group to another"),
  BPDU("a BPDU of spanning tree, which the port filters"),
  DHCP_GUARD("a DHCP server's message where no server may be"),
  RA_GUARD("a router advertisement or redirect where no router may be");

  private final String sentence;

  DropReason(String sentence) {
    this.sentence = sentence;
  }

  /** One clause for people: what {@code status} and the documents print. */
  public String sentence() {
    return sentence;
  }
}
