package etherws.tunnel;

import etherws.frame.Packet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Frames whose offload facts are wrong in one way each, and a few that are right: what a peer of
 * {@code etherws.v2} can claim, where the kernel behind a TAP believes most of it.
 */
final class VnetCases {
  static final int CHECKSUM = 1;
  static final int TCP = 2;
  static final int UDP = 3;

  /** What has to become of it. */
  enum Fate {
    TAKEN,
    OFFLOAD,
    GIANT,
    SKIPPED
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Case(String name, int type, int segmentSize, byte[] octets, Fate fate) {}

  private static final int IPV4 = 14;
  private static final int TRANSPORT = 34;
  private static final int SIZE = 1400;

  private final Random random = new Random(33);
  private final List<Case> cases = new ArrayList<>();

  static List<Case> all() {
    VnetCases all = new VnetCases();
    all.sizes();
    all.kinds();
    all.ipv4();
    all.ipv6();
    all.transport();
    return all.cases;
  }

  private void sizes() {
    add("segment size 0", TCP, 0, tcp(3_000), Fate.OFFLOAD);
    add("segment size 1", TCP, 1, tcp(3_000), Fate.OFFLOAD);
    add("segment size 535", TCP, 535, tcp(3_000), Fate.OFFLOAD);
    add("segment size 536", TCP, 536, tcp(3_000), Fate.TAKEN);
    add("segment size 1400", TCP, SIZE, tcp(3_000), Fate.TAKEN);
    add("segment size over the payload", TCP, 65_535, tcp(1_000), Fate.TAKEN);
    add("122 segments", TCP, 536, tcp(65_000), Fate.TAKEN);
    add("UDP of size 0", UDP, 0, udp(3_000), Fate.OFFLOAD);
    add("UDP of size 1400", UDP, SIZE, udp(3_000), Fate.TAKEN);
    add("over 64 KiB", CHECKSUM, 0, tcp(70_000), Fate.GIANT);
    add("100 KB of TSO", TCP, SIZE, tcp(100_000), Fate.GIANT);
  }

  private void kinds() {
    add("only the checksum", CHECKSUM, 0, tcp(1_000), Fate.TAKEN);
    add("TCP that is UDP", TCP, SIZE, udp(3_000), Fate.OFFLOAD);
    add("UDP that is TCP", UDP, SIZE, tcp(3_000), Fate.OFFLOAD);
    add("UFO", 4, SIZE, udp(3_000), Fate.SKIPPED);
    add("a type of nobody's", 255, SIZE, tcp(3_000), Fate.SKIPPED);
    add("GSO on ARP", TCP, SIZE, with(tcp(3_000), 13, 0x06), Fate.OFFLOAD);
    add("checksum of ARP", CHECKSUM, 0, with(tcp(100), 13, 0x06), Fate.OFFLOAD);
    add("checksum of ICMP", CHECKSUM, 0, with(tcp(100), IPV4 + 9, 1), Fate.OFFLOAD);
    add("checksum of a bare header", CHECKSUM, 0, Arrays.copyOf(tcp(100), 14), Fate.OFFLOAD);
  }

  private void ipv4() {
    add("IP length too short", TCP, SIZE, with(tcp(3_000), IPV4 + 2, 1), Fate.OFFLOAD);
    add("IP length too long", TCP, SIZE, with(tcp(3_000), IPV4 + 2, 0xff), Fate.OFFLOAD);
    add("padding", TCP, SIZE, Arrays.copyOf(tcp(3_000), 3_060), Fate.OFFLOAD);
    add("IP header of 16 octets", TCP, SIZE, with(tcp(3_000), IPV4, 0x44), Fate.OFFLOAD);
    add("IP version 5", TCP, SIZE, with(tcp(3_000), IPV4, 0x55), Fate.OFFLOAD);
    add("more fragments", TCP, SIZE, with(tcp(3_000), IPV4 + 6, 0x20), Fate.OFFLOAD);
    add("a later fragment", TCP, SIZE, with(tcp(3_000), IPV4 + 7, 1), Fate.OFFLOAD);
    add("cut in the IP header", CHECKSUM, 0, Arrays.copyOf(tcp(100), 30), Fate.OFFLOAD);
    int tag = 0x8100_0001;
    byte[] fourTags = Packet.tcp(false, octets(3_000)).tagged(tag, tag, tag, tag).octets();
    add("four tags", TCP, SIZE, fourTags, Fate.OFFLOAD);
  }

  private void ipv6() {
    byte[] good = Packet.tcp(true, octets(3_000)).octets();
    add("IPv6", TCP, SIZE, good, Fate.TAKEN);
    add("IPv6 length too short", TCP, SIZE, with(good, IPV4 + 4, 1), Fate.OFFLOAD);
    add("routing header", TCP, SIZE, with(good, IPV4 + 6, 43), Fate.OFFLOAD);
    add("fragment header", TCP, SIZE, with(good, IPV4 + 6, 44), Fate.OFFLOAD);
  }

  private void transport() {
    int offset = TRANSPORT + 12;
    add("TCP header of 16 octets", TCP, SIZE, with(tcp(3_000), offset, 0x40), Fate.OFFLOAD);
    add("TCP header over the end", CHECKSUM, 0, with(tcp(8), offset, 0xf0), Fate.OFFLOAD);
    add("UDP length too short", UDP, SIZE, with(udp(3_000), TRANSPORT + 4, 1), Fate.OFFLOAD);
    add("UDP length 0", CHECKSUM, 0, with(udp(3_000), TRANSPORT + 4, 0, 0), Fate.OFFLOAD);
  }

  private void add(String name, int type, int segmentSize, byte[] octets, Fate fate) {
    cases.add(new Case(name, type, segmentSize, octets, fate));
  }

  private byte[] tcp(int payload) {
    return Packet.tcp(false, octets(payload)).from(7_000 + cases.size()).octets();
  }

  private byte[] udp(int payload) {
    return Packet.udp(false, octets(payload)).from(7_000 + cases.size()).octets();
  }

  private byte[] octets(int length) {
    return Packet.octets(random, length);
  }

  private static byte[] with(byte[] frame, int at, int... octets) {
    byte[] changed = frame.clone();
    for (int i = 0; i < octets.length; i++) {
      changed[at + i] = (byte) octets[i];
    }
    return changed;
  }
}
