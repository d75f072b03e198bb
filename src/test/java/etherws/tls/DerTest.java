package etherws.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.spec.InvalidKeySpecException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DerTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0400",
    "127, 047f",
    "128, 048180",
    "255, 0481ff",
    "256, 04820100",
    "65536, 0483010000"
  })
  void readsBackWhatItWrote(int length, String header) throws Exception {
    byte[] element = Der.encode(Der.OCTET_STRING, new byte[length]);

    assertThat(HexFormat.of().formatHex(element)).startsWith(header);
    Der der = new Der(element);
    assertThat(der.read(Der.OCTET_STRING)).hasSize(length);
    assertThat(der.atEnd()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "06072a8648ce3d0201, 1.2.840.10045.2.1",
    "06032b6570, 1.3.101.112",
    "0603883703, 2.999.3"
  })
  void readsAnOid(String hex, String dots) throws Exception {
    assertThat(new Der(HexFormat.of().parseHex(hex)).readOid()).isEqualTo(dots);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "30",
        "3001",
        "3080",
        "308200",
        "3084ffffffff",
        "308180",
        "308900000000000000000001"
      })
  void refusesAnElementThatIsNotWhole(String hex) {
    Der der = new Der(HexFormat.of().parseHex(hex));

    assertThatThrownBy(() -> der.read(Der.SEQUENCE)).isInstanceOf(InvalidKeySpecException.class);
  }

  @Test
  void aSequenceIsOneElementToTheEnd() {
    assertThat(Der.isSequence(HexFormat.of().parseHex("3000"))).isTrue();
    assertThat(Der.isSequence(HexFormat.of().parseHex("300000"))).isFalse();
    assertThat(Der.isSequence(HexFormat.of().parseHex("0400"))).isFalse();
  }
}
