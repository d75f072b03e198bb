package etherws.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ProofsTest {
  private static final PasswordHash HASH = requireNonNull(PasswordHash.parse("sQJJEYhrTgXaI"));
  private static final PasswordHash OTHER = requireNonNull(PasswordHash.parse("7199NKCbovsuM"));

  private final Proofs proofs = new Proofs(new byte[32]);

  @Test
  void aProofIsForOneUserAndHashAndPassword() {
    ByteBuffer proof = proof("alice", HASH, "secret");
    assertThat(proof("alice", HASH, "secret")).isEqualTo(proof);
    assertThat(proof("bob", HASH, "secret")).isNotEqualTo(proof);
    assertThat(proof("alice", OTHER, "secret")).isNotEqualTo(proof);
    assertThat(proof("alice", HASH, "Secret")).isNotEqualTo(proof);
  }

  @Test
  void aProofIsForOneProcess() {
    byte[] key = new byte[32];
    key[31] = 1;
    assertThat(new Proofs(key).proof("alice", HASH, new byte[0]))
        .isNotEqualTo(proof("alice", HASH, ""));
  }

  @Test
  void remembersProofs() {
    ByteBuffer proof = proof("alice", HASH, "secret");
    assertThat(proofs.isKnown(proof)).isFalse();
    proofs.remember(proof);
    assertThat(proofs.isKnown(proof("alice", HASH, "secret"))).isTrue();
    assertThat(proofs.isKnown(proof("alice", HASH, "other"))).isFalse();
  }

  @Test
  void forgetsTheLeastRecentlyUsed() {
    proofs.remember(proof("first", HASH, ""));
    proofs.remember(proof("second", HASH, ""));
    for (int i = 2; i < Proofs.SIZE; i++) {
      proofs.remember(proof("user" + i, HASH, ""));
    }
    proofs.remember(proof("first", HASH, ""));
    proofs.remember(proof("one more", HASH, ""));
    assertThat(proofs.isKnown(proof("first", HASH, ""))).isTrue();
    assertThat(proofs.isKnown(proof("second", HASH, ""))).isFalse();
  }

  private ByteBuffer proof(String user, PasswordHash hash, String password) {
    return proofs.proof(user, hash, password.getBytes(UTF_8));
  }
}
