package etherws.control;

import java.util.List;

/**
 * One network.
 *
 * @param path what clients dial
 * @param clients of its ports, those of clients
 * @param maxClients 0 is no limit
 * @param fdbSize addresses known
 * @param fdbLimit the most of them
 * @param vlans VIDs of the addresses known, ascending; 0 is untagged
 */
public record NetworkStatus(
    String name,
    String path,
    int ports,
    int clients,
    int maxClients,
    int fdbSize,
    int fdbLimit,
    long ageingSeconds,
    List<Integer> vlans) {
  public NetworkStatus {
    vlans = List.copyOf(vlans);
  }
}
