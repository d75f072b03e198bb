package etherws.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** {@code struct ifreq}: what an ioctl on a network device takes, and gives back in place. */
public final class IfReq {
  /*
   * struct ifreq {
   *   char ifr_name[IFNAMSIZ];    //  0
   *   union {                     // 16
   *     short ifr_flags;
   *     int   ifr_ifindex;
   *     int   ifr_mtu;
   *     void *ifr_data;
   *     char  ifr_slave[IFNAMSIZ];
   *     struct sockaddr ifr_hwaddr; // u16 sa_family, char sa_data[14]
   *     struct ifmap ifr_map;     // the largest: 24 octets
   *   };
   * };
   */
  private static final int NAME_LENGTH = 16;
  private static final long UNION = 16;
  private static final long HARDWARE_ADDRESS = UNION + 2;
  private static final int MAC_LENGTH = 6;
  private static final short ARPHRD_ETHER = 1;
  private static final long SIZE = 40;

  private final MemorySegment octets;

  /**
   * A zeroed request for the device {@code name}.
   *
   * @throws IllegalArgumentException if the name has more than 15 octets
   */
  public IfReq(Arena arena, String name) {
    if (name.getBytes(UTF_8).length >= NAME_LENGTH) {
      throw new IllegalArgumentException("a device name of more than 15 octets: " + name);
    }
    octets = arena.allocate(SIZE, Long.BYTES);
    octets.setString(0, name);
  }

  public long address() {
    return octets.address();
  }

  public String name() {
    return octets.getString(0);
  }

  public int flags() {
    return Short.toUnsignedInt(octets.get(JAVA_SHORT, UNION));
  }

  public void flags(int flags) {
    octets.set(JAVA_SHORT, UNION, (short) flags);
  }

  /** {@code ifr_mtu}, {@code ifr_ifindex} or {@code ifr_qlen}: the request decides. */
  public int number() {
    return octets.get(JAVA_INT, UNION);
  }

  public void number(int value) {
    octets.set(JAVA_INT, UNION, value);
  }

  /** Whether {@code ifr_hwaddr} is that of an Ethernet device. */
  public boolean isEthernet() {
    return octets.get(JAVA_SHORT, UNION) == ARPHRD_ETHER;
  }

  /** The MAC address in {@code ifr_hwaddr}, first octet highest. */
  long mac() {
    long mac = 0;
    for (int i = 0; i < MAC_LENGTH; i++) {
      mac = mac << 8 | Byte.toUnsignedInt(octets.get(JAVA_BYTE, HARDWARE_ADDRESS + i));
    }
    return mac;
  }

  void mac(long mac) {
    octets.set(JAVA_SHORT, UNION, ARPHRD_ETHER);
    for (int i = 0; i < MAC_LENGTH; i++) {
      int shift = Byte.SIZE * (MAC_LENGTH - 1 - i);
      octets.set(JAVA_BYTE, HARDWARE_ADDRESS + i, (byte) (mac >>> shift));
    }
  }

  /** {@code ifr_data}. */
  void pointer(long address) {
    octets.set(JAVA_LONG, UNION, address);
  }
}
