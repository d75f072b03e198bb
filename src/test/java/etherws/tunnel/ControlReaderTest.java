package etherws.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.tunnel.ControlMessage.GoingAway;
import etherws.tunnel.ControlMessage.Hello;
import etherws.tunnel.ControlMessage.Rtt;
import etherws.tunnel.ControlMessage.Unknown;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlReaderTest {
  private static final Hello HELLO =
      new Hello(Set.of("rtt", "going-away", "x"), 9000, "AAECAwQFBgcICQoLDA0ODw");

  @Test
  void readsWhatIsWritten() {
    assertThat(read(HELLO.json())).isEqualTo(HELLO);
    assertThat(read(new Hello(Set.of(), 0, null).json())).isEqualTo(new Hello(Set.of(), 0, null));
    assertThat(read(new Rtt(420).json())).isEqualTo(new Rtt(420));
    assertThat(read(new GoingAway(1_000).json())).isEqualTo(new GoingAway(1_000));
  }

  @Test
  void skipsMembersThatItDoesNotKnow() {
    String more = "\"resume\":{\"a\":[1,{\"type\":\"rtt\"}],\"micros\":7},\"n\":null,\"d\":1.5,";
    assertThat(read(HELLO.json().replace("{", "{" + more))).isEqualTo(HELLO);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'hello','mtu':'1500','capabilities':'rtt','session':7}",
        "{'type':'hello','mtu':{'mtu':1500},'capabilities':[1,['rtt'],{'a':'rtt'},null]}",
        "{'type':'hello','mtu':65536,'session':'too short'}",
        "{'type':'hello','mtu':-1,'session':'no/session/of/24/letters'}",
        "{'type':'hello','mtu':1500.0,'session':null,'capabilities':true}",
      })
  void takesMembersOfAnotherKindForMissing(String json) {
    assertThat(read(json.replace('\'', '"'))).isEqualTo(new Hello(Set.of(), 0, null));
  }

  @Test
  void skipsMessagesOfAnUnknownType() {
    assertThat(read("{\"type\":\"later\",\"mtu\":[]}")).isEqualTo(new Unknown());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "hello",
        "[]",
        "7",
        "null",
        "{}",
        "{'type':7}",
        "{'type':'hello'",
        "{'type':'hello'}}",
        "{'type':'hello'}{'type':'hello'}",
        "{'type':'hello',}",
        "{'type':'rtt'}",
        "{'type':'rtt','micros':-1}",
        "{'type':'rtt','micros':9223372036854775808}",
        "{'type':'rtt','micros':123456789012345678901}",
        "{'type':'rtt','micros':1e3}",
        "{'type':'going-away','millis':'1000'}",
        "{'type':'hello\u0000','mtu':1}}",
      })
  void refusesWhatIsNoMessage(String json) {
    assertThat(read(json.replace('\'', '"'))).isNull();
  }

  @Test
  void looksEightDeepAndNoDeeper() {
    assertThat(read(nested(7))).isEqualTo(new Unknown());
    assertThat(read(nested(8))).isNull();
    assertThat(read(nested(1_000))).isNull();
  }

  @Test
  void looksAtNothingOverFourKibibytes() {
    String head = "{\"type\":\"later\",\"a\":\"";
    String longest = head + "x".repeat(ControlMessage.MAX_OCTETS - head.length() - 2) + "\"}";
    assertThat(read(longest)).isEqualTo(new Unknown());
    assertThat(read(longest + " ")).isNull();
  }

  @Test
  void survivesWhateverIsDoneToAMessage() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] octets = HELLO.json().getBytes(StandardCharsets.UTF_8);
      for (int n = random.nextInt(4); n >= 0; n--) {
        octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
      }
      int length = random.nextInt(octets.length + 1);
      try {
        ControlReader.read(Unpooled.wrappedBuffer(octets), 0, length);
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  /** An object with arrays in it, in all {@code depth + 1} deep. */
  private static String nested(int depth) {
    return "{\"type\":\"later\",\"a\":" + "[".repeat(depth) + "]".repeat(depth) + "}";
  }

  private static @Nullable ControlMessage read(String json) {
    ByteBuf buffer = Unpooled.copiedBuffer("??" + json + "!", StandardCharsets.UTF_8);
    return ControlReader.read(buffer, 2, buffer.readableBytes() - 3);
  }
}
