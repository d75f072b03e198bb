package etherws.device;

/**
 * An open file on a network device: a read takes a frame, or a super-frame, out of the kernel, a
 * write puts one in, each behind a {@link VnetHeader}. Nothing blocks.
 */
public interface DeviceFile {
  /** The device's name. */
  String device();

  /** For registration with a poller, as long as the file is open. */
  int fd();

  /** Whether the device takes UDP super-frames; all take those of TCP. */
  boolean segmentsUdp();

  /**
   * Reads one frame, its header at {@code address}. Octets of both, or -errno: EAGAIN or EINTR says
   * that there is none now, EINVAL and EMSGSIZE that one is lost which no header describes or which
   * is too long, and any other that the device is gone.
   */
  long read(long address, long capacity);

  /**
   * Octets of the frame read last that have found no room behind {@code address}: that long before
   * it the header begins, and the count that read returned includes them. At most {@link
   * #MAX_BEFORE}.
   */
  default int before() {
    return 0;
  }

  /** The most that {@link #before} says. */
  int MAX_BEFORE = 4;

  /** Writes one frame, header first, from {@code struct iovec[count]}: octets, or -errno. */
  long write(long iovec, int count);

  /** Writes one frame with its header before it: octets, or -errno. */
  long writeAt(long address, long length);
}
