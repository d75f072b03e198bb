package etherws.tap;

/** {@code struct virtio_net_hdr}: what stands before each frame on a TAP's file. */
final class VnetHeader {
  /*
   * struct virtio_net_hdr {
   *   u8   flags;          // 0
   *   u8   gso_type;       // 1
   *   le16 hdr_len;        // 2
   *   le16 gso_size;       // 4
   *   le16 csum_start;     // 6
   *   le16 csum_offset;    // 8
   * };
   *
   * All zero means a plain frame with its checksums in place. No offload is agreed on, so that is
   * what we write, and nothing that matters stands in what we read.
   */
  static final int LENGTH = 10;

  private VnetHeader() {}
}
