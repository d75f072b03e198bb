package etherws.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.frame.MacAddress;
import etherws.testing.Frames;
import etherws.testing.RecordingPort;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bridges that share nothing but a process, with the same stations in each. */
class NetworksTest {
  private static final int MARK = 20;

  private record Place(int network, RecordingPort port, Attachment attachment) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void neverLeakAFrame(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Bridge> bridges = new ArrayList<>();
    for (int i = random.nextInt(2, 5); i > 0; i--) {
      bridges.add(new Bridge(BridgeSettings.DEFAULTS, () -> 0));
    }
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      if (places.size() < 2 || random.nextInt(50) == 0) {
        places.add(place(random, bridges));
      } else if (random.nextInt(80) == 0) {
        places.remove(random.nextInt(places.size())).attachment.detach();
      }
      Place from = places.get(random.nextInt(places.size()));
      byte[] octets = Frames.octets(destination(random), station(random), 60);
      octets[MARK] = (byte) from.network;
      from.attachment.receive(Frames.view(octets));
      for (Place place : places) {
        for (byte[] frame : place.port.take()) {
          assertThat((int) frame[MARK]).as("seed %d", seed).isEqualTo(place.network);
        }
      }
    }
  }

  private static Place place(SplittableRandom random, List<Bridge> bridges) {
    int network = random.nextInt(bridges.size());
    RecordingPort port = new RecordingPort("port");
    return new Place(network, port, bridges.get(network).attach(port, PortPolicy.LOCAL));
  }

  private static long destination(SplittableRandom random) {
    return random.nextInt(3) == 0 ? MacAddress.BROADCAST : station(random);
  }

  private static long station(SplittableRandom random) {
    return Frames.ALICE + random.nextInt(10);
  }
}
