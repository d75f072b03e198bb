package etherws.netdev;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What recvmsg(2) on a packet socket is given and fills in: one {@code struct msghdr}, reused. */
final class PacketMessage {
  /*
   * struct msghdr {              struct iovec {            struct cmsghdr {
   *   void         *msg_name;    //  0   void  *iov_base;  // 56   size_t cmsg_len;   // 72
   *   socklen_t     msg_namelen; //  8   size_t iov_len;   // 64   int    cmsg_level; // 80
   *   struct iovec *msg_iov;     // 16 };                          int    cmsg_type;  // 84
   *   size_t        msg_iovlen;  // 24                           };
   *   void         *msg_control; // 32
   *   size_t        msg_controllen;  // 40
   *   int           msg_flags;   // 48
   * };
   *
   * struct tpacket_auxdata {
   *   u32 tp_status;       //  88
   *   u32 tp_len;          //  92
   *   u32 tp_snaplen;      //  96
   *   u16 tp_mac;          // 100
   *   u16 tp_net;          // 102
   *   u16 tp_vlan_tci;     // 104
   *   u16 tp_vlan_tpid;    // 106
   * };
   */
  private static final int MSG_IOV = 16;
  private static final int MSG_IOVLEN = 24;
  private static final int MSG_CONTROL = 32;
  private static final int MSG_CONTROLLEN = 40;
  private static final int MSG_FLAGS = 48;
  private static final int IOV_BASE = 56;
  private static final int IOV_LEN = 64;
  private static final int CMSG = 72;
  private static final int CMSG_TYPE = 84;
  private static final int TP_STATUS = 88;
  private static final int TP_VLAN_TCI = 104;
  private static final int TP_VLAN_TPID = 106;
  private static final int END = 112;

  private static final int MSG_TRUNC = 0x20;
  private static final int TP_STATUS_VLAN_VALID = 0x10;
  private static final int TP_STATUS_VLAN_TPID_VALID = 0x40;
  private static final int ETHER_TYPE_VLAN = 0x8100;

  private final MemorySegment octets = Arena.ofAuto().allocate(END, Long.BYTES);

  PacketMessage() {
    octets.set(JAVA_LONG, MSG_IOV, octets.address() + IOV_BASE);
    octets.set(JAVA_LONG, MSG_IOVLEN, 1);
    octets.set(JAVA_LONG, MSG_CONTROL, octets.address() + CMSG);
  }

  /** Makes it ready for one call, which puts what it receives at {@code address}. */
  long prepare(long address, long capacity) {
    octets.set(JAVA_LONG, IOV_BASE, address);
    octets.set(JAVA_LONG, IOV_LEN, capacity);
    octets.set(JAVA_LONG, MSG_CONTROLLEN, END - CMSG);
    return octets.address();
  }

  /** Whether the frame was longer than the capacity. */
  boolean isCut() {
    return (octets.get(JAVA_INT, MSG_FLAGS) & MSG_TRUNC) != 0;
  }

  /** The VLAN tag that was taken out of the frame, EtherType first; 0 for none. */
  int tag() {
    boolean aux =
        octets.get(JAVA_LONG, MSG_CONTROLLEN) >= TP_VLAN_TPID + Short.BYTES - CMSG
            && octets.get(JAVA_INT, CMSG_TYPE) == PacketSocket.PACKET_AUXDATA;
    int status = aux ? octets.get(JAVA_INT, TP_STATUS) : 0;
    if ((status & TP_STATUS_VLAN_VALID) == 0) {
      return 0;
    }
    int tpid =
        (status & TP_STATUS_VLAN_TPID_VALID) == 0
            ? ETHER_TYPE_VLAN
            : octets.get(JAVA_SHORT, TP_VLAN_TPID);
    return tpid << 16 | Short.toUnsignedInt(octets.get(JAVA_SHORT, TP_VLAN_TCI));
  }
}
