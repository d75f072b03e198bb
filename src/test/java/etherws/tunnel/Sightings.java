package etherws.tunnel;

import etherws.testing.Lab;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;

/** What the kernel gets from a TAP, seen by tcpdump: the frames in hex. */
final class Sightings implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int FILE_HEADER = 24;
  private static final int RECORD_HEADER = 16;

  private final Path file;
  private final Process tcpdump;

  /** Watches a device of this namespace, from when this returns. */
  Sightings(Path folder, String device) throws IOException {
    file = folder.resolve("seen.pcap");
    Path log = folder.resolve("tcpdump.log");
    tcpdump =
        new ProcessBuilder(
                "tcpdump",
                "-i",
                device,
                "-Q",
                "in",
                "-w",
                file.toString(),
                "-U",
                "-n",
                "-s",
                "0",
                "-B",
                "65536",
                "-Z",
                "root")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Lab.await("tcpdump listens", PATIENCE, () -> text(log).contains("listening on"));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All frames until now, but those of which a record is still being written. */
  Set<String> frames() {
    Set<String> frames = new LinkedHashSet<>();
    try {
      ByteBuffer pcap = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      for (int at = FILE_HEADER; at + RECORD_HEADER <= pcap.limit(); ) {
        int length = pcap.getInt(at + 8);
        int start = at + RECORD_HEADER;
        if (start + length <= pcap.limit()) {
          frames.add(HexFormat.of().formatHex(pcap.array(), start, start + length));
        }
        at = start + length;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return frames;
  }

  @Override
  public void close() {
    tcpdump.destroyForcibly();
  }
}
