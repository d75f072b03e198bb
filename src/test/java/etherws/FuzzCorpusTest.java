package etherws;

import static java.util.Objects.requireNonNull;

import etherws.auth.HtpasswdFuzz;
import etherws.config.ConfigFuzz;
import etherws.control.JsonFuzz;
import etherws.frame.CoalescerFuzz;
import etherws.frame.OffloadFuzz;
import etherws.tls.PemFuzz;
import etherws.tunnel.ControlFuzz;
import etherws.tunnel.RecordReaderFuzz;
import etherws.tunnel.RequestFuzz;
import etherws.websocket.WsReaderFuzz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.ThrowingConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What fuzzers have found, and where they begin, once more: {@code src/test/resources/fuzz}. {@code
 * dev/fuzz} looks for more.
 */
class FuzzCorpusTest {
  private static final Path CORPUS = Path.of("src", "test", "resources", "fuzz");

  private static final Map<String, ThrowingConsumer<byte[]>> TARGETS =
      Map.of(
          "Coalescer", CoalescerFuzz::fuzzerTestOneInput,
          "Config", ConfigFuzz::fuzzerTestOneInput,
          "Control", ControlFuzz::fuzzerTestOneInput,
          "Htpasswd", HtpasswdFuzz::fuzzerTestOneInput,
          "Json", JsonFuzz::fuzzerTestOneInput,
          "Offload", OffloadFuzz::fuzzerTestOneInput,
          "Pem", PemFuzz::fuzzerTestOneInput,
          "RecordReader", RecordReaderFuzz::fuzzerTestOneInput,
          "Request", RequestFuzz::fuzzerTestOneInput,
          "WsReader", WsReaderFuzz::fuzzerTestOneInput);

  static List<Arguments> inputs() throws IOException {
    try (Stream<Path> files = Files.walk(CORPUS)) {
      return files
          .filter(Files::isRegularFile)
          .sorted()
          .map(CORPUS::relativize)
          .map(file -> Arguments.of(file.getName(0).toString(), file))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void isSurvived(String target, Path input) throws Throwable {
    requireNonNull(TARGETS.get(target)).accept(Files.readAllBytes(CORPUS.resolve(input)));
  }
}
