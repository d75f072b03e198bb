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
  DEVICE("the kernel refused the frame: the device is down, or it is malformed");

  private final String sentence;

  DropReason(String sentence) {
    this.sentence = sentence;
  }

  /** One clause for people: what {@code status} and the documents print. */
  public String sentence() {
    return sentence;
  }
}
