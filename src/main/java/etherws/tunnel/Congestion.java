package etherws.tunnel;

import etherws.linux.LibC;
import io.netty.channel.unix.RawUnixChannelOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The congestion control of the TCP connections under the tunnels.
 *
 * @param algorithm as the kernel names it; null for the kernel's default
 */
public record Congestion(@Nullable String algorithm) {
  /*
   * Loss on the way makes cubic slow, and its queues make what runs inside wait. bbr needs neither
   * loss nor a standing queue to find the path's rate; a tunnel over it can be faster than the path
   * is for a single TCP connection.
   */
  private static final String BEST = "bbr";

  private static final Path SYSCTL = Path.of("/proc/sys/net/ipv4");
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_CONGESTION = 13;
  private static final int TCP_CA_NAME_MAX = 16;

  static final RawUnixChannelOption OPTION =
      new RawUnixChannelOption("TCP_CONGESTION", IPPROTO_TCP, TCP_CONGESTION, TCP_CA_NAME_MAX);

  /**
   * What the operator has chosen, or the best for a tunnel that the kernel has at hand.
   *
   * @throws IllegalArgumentException if the kernel doesn't let us use it, with one line that tells
   *     what it has
   */
  public static Congestion choose(@Nullable String chosen) {
    List<String> usable = usable();
    if (chosen == null) {
      return new Congestion(usable.contains(BEST) ? BEST : null);
    }
    if (!usable.contains(chosen)) {
      throw new IllegalArgumentException(
          "congestion control %s is not to be had: this kernel has %s; try modprobe tcp_%s"
              .formatted(chosen, String.join(", ", usable), chosen));
    }
    return new Congestion(chosen);
  }

  /** Root may use all that are loaded; others those that the administrator allows. */
  private static List<String> usable() {
    boolean root = LibC.geteuid() == 0;
    return words(root ? "tcp_available_congestion_control" : "tcp_allowed_congestion_control");
  }

  /** The same if who is not root may choose it, else the kernel's default. */
  Congestion forAnybody() {
    return words("tcp_allowed_congestion_control").contains(String.valueOf(algorithm))
        ? this
        : new Congestion(null);
  }

  private static List<String> words(String sysctl) {
    try {
      return List.of(Files.readString(SYSCTL.resolve(sysctl)).trim().split("\\s+"));
    } catch (IOException e) {
      return List.of(); // a container may hide it: the kernel's default then
    }
  }

  /** What the option takes, for one socket: Netty reads it to its end. Only with an algorithm. */
  ByteBuffer option() {
    ByteBuffer name = ByteBuffer.allocateDirect(TCP_CA_NAME_MAX);
    name.put(String.valueOf(algorithm).getBytes(StandardCharsets.US_ASCII)).rewind();
    return name;
  }
}
