package etherws.frame;

import java.util.List;
import java.util.Random;

/** Several connections at once, and all that may happen to their frames. */
final class DisturbedStreams {
  private final Random random;
  private final Packet[] connections;

  /**
   * A frame as it was sent. The last octet of its destination is the number of its connection.
   *
   * @param stray whether its connection can't be told any more: it may overtake
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Sent(int connection, byte[] octets, boolean stray) {}

  /** Connections of these shapes; the first of the first shape, and of usual length. */
  DisturbedStreams(Random random, List<Packet> shapes, int maxConnections) {
    this.random = random;
    connections = new Packet[1 + random.nextInt(maxConnections)];
    for (int i = 0; i < connections.length; i++) {
      connections[i] = shapes.get(i == 0 ? 0 : random.nextInt(shapes.size())).copy();
      connections[i].port = 1000 + i;
      connections[i].sequence = random.nextInt();
      connections[i].id = random.nextInt(0x10000);
      connections[i].payload = Packet.octets(random, 500 + random.nextInt(1000));
    }
    connections[0].payload = Packet.octets(random, 1000);
  }

  /** The next frame of any connection, commonly as it should be. */
  Sent next() {
    int connection = random.nextInt(connections.length);
    Packet packet = connections[connection].next();
    packet.payload = Packet.octets(random, packet.payload.length);
    connections[connection] = packet;
    Packet sent = packet.copy();
    boolean spoilt = false;
    switch (random.nextInt(40)) {
      case 0 -> packet.sequence = sent.sequence += random.nextInt();
      case 1 -> packet.id = sent.id += random.nextInt(3) - 1;
      case 2 -> sent.flags = random.nextInt(0x1000);
      case 3 -> sent.flags |= Packet.PSH;
      case 4 -> sent.padding = random.nextInt(20);
      case 5 -> packet.window = sent.window += 1;
      case 6 -> packet.acknowledgment = sent.acknowledgment += 1448;
      case 7 -> sent.payload = packet.payload = Packet.octets(random, random.nextInt(2000));
      case 8 -> sent.payload = new byte[0];
      case 9 -> sent.fragment = random.nextInt(0x10000);
      case 10 -> sent.tags = Shapes.TAGS[random.nextInt(3)];
      case 11 -> sent.tcpOptions = new byte[4 * random.nextInt(4)];
      case 12 -> sent.ttl = packet.ttl = random.nextInt(256);
      case 13, 14, 15 -> spoilt = true;
      default -> {}
    }
    byte[] octets = sent.octets();
    octets[5] = (byte) connection;
    return new Sent(connection, octets, spoilt && spoil(octets, sent));
  }

  /** Inverts a bit, and tells whether it is one of those that tell the connection. */
  private boolean spoil(byte[] octets, Packet sent) {
    int end = random.nextBoolean() ? Math.min(54, octets.length) : octets.length;
    int at = 6 + random.nextInt(end - 6);
    octets[at] ^= (byte) (1 << random.nextInt(8));
    int transport = octets.length - sent.padding - sent.payload.length - sent.headerLength();
    return at < transport + 4;
  }
}
