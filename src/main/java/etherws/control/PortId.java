package etherws.control;

/**
 * A port of a node.
 *
 * @param network the network's name
 * @param number from 1 in each network, in the order in which ports came; never used again
 */
public record PortId(String network, int number) {
  /** As people write it: {@code lab/3}. */
  @Override
  public String toString() {
    return network + "/" + number;
  }
}
