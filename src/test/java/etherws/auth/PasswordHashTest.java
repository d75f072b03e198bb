package etherws.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every hash here was written by Apache's htpasswd 2.4, except where a name says otherwise. */
class PasswordHashTest {
  private static final String X72 = "x".repeat(72);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=",
        "sQJJEYhrTgXaI",
        "$apr1$2Gcati4T$oBJ.14JgqDDn33Mm7Esit/",
        "$5$GfZHu9hbm2FwRRrn$61hyE8ybSNpImCefQL1P//R8LFxX1ZSqvnQyAevh6W9",
        "$5$rounds=1000$SGHEzOyjUJadGQdC$OjpKzH1PG69Yl/wGpxEeyP3RAcPegtrC5wtIetfyS3.",
        "$5$rounds=5000$BXrwrlVX/vMcWFHF$.0PLhk0WriKdLD5NbRtX8krnS2HUmYrTL/SraCLzmq7",
        "$6$JrnAy7vNPfDerIrw$T.K67veV6IqyQgjVAD6.2jYeQjSCpgY2EC/qYs4exMB0z7PCOUFa8e0aVTUrVDJSNT8/Ye5QVoKH.pEyxR4j40",
        "$6$rounds=5000$9.JeGIvrxv0qLCu5$xc7d1aLyjV2.Ui3lu/qQy.GJkwKZ.75oVR54RRWu709D5u3t0LKw4tRi04rIiSRykSya6MDTP3ujUHKy2lcX6/",
        "$2y$05$G.tskY6HyQ1mSs7TNly/xOysvest0wKSArNn7kcxH9f/75T2Sgpka",
        "$2y$10$kQGOO/Pnbzndat1yi.bpwu.eKqll0s2Eo5tZKROVYylHTcRZA4jpC",
      })
  void acceptsThePasswordAndNoOther(String text) {
    assertThat(matches(text, "secret")).isTrue();
    assertThat(matches(text, "Secret")).isFalse();
    assertThat(matches(text, "secre")).isFalse();
    assertThat(matches(text, "secret ")).isFalse();
    assertThat(matches(text, "")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{SHA}WftlVS2jnC7Vz30QrXptSZ4eRyo=",
        "UMXutIZXIh9mU",
        "$apr1$L5m2NYhI$VyJhEwJubzOarp4Tt/MDx1",
        "$5$l5dRu/P6pYHuTf.n$hohf7PwBOjJDOZQjc6cNNMcmzMrmRlrsSURUk7yzPPC",
        "$6$EDrXf2LXcz/heB67$noe.tmreBrhES4GcYpSp.6EU9m1nZEaKyE.t0ZGmgWWmThnkp2YvGt0B3PJSuIgQUL5BkwnrlYtKdD4u4CLz0.",
        "$2y$05$0/lzopAOlbih15Le.uTJa.v6wYPdseBIqm.L/2iNWr/o2rIGy749.",
      })
  void acceptsUtf8(String text) {
    assertThat(matches(text, "pässwörd€")).isTrue();
    assertThat(matches(text, "password€")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{SHA}2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
        "7199NKCbovsuM",
        "$apr1$txvI1oWV$7KxyivEdNg/A6rSLg/UHc1",
        "$5$kqZ11wfotbqxkEoL$SlnFAsf2ZE9KqRVTe0EXNQnc3LnRnZb9k325UCCdoS1",
        "$6$7Zdqf7FmtG6zfpw.$TAgM1dd5L9NlXayk27mB9YiWX7tCxJrwkEaC6j7a6rfcwBd712eiXUeXKoyWq3CdPmjvKINOxG3xlnRv2LTuv0",
        "$2y$05$Ux6P0RMmgzsW9rfdsIn.vO2OJbPyTEpxK017dLAlxO0gC45MPFWP2",
      })
  void acceptsTheEmptyPassword(String text) {
    assertThat(matches(text, "")).isTrue();
    assertThat(matches(text, " ")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{SHA}cLzgnoJ6mP5qz3w+mwvPE2vDgu0=",
        "Iwc2LvYpWhC2U",
        "$apr1$6/u.p15L$1v7iPrasm4Bc9Izg3JJJ71",
        "$5$vzAWC2huANapwNf3$MSgcDPRvFEIAzGrvNApZAE/aq1qvELSp4M1eZq9iHmA",
        "$6$AI.oJXr1ECx7nbZk$ZmBz3.Fxh2N9XACiRSTbQYePI6bf8o5j1NRhKAw0jw9dTngeKOxZ0WTI4XC7J/EFIZXVuQOeEVTQI8nuDLI4g1",
        "$2y$05$vCztgA6EAxsGon4UHbvMuOWo3Duqk/bQxbC8ykYeAF.2TYQYXGBDa",
      })
  void acceptsColonsInThePassword(String text) {
    assertThat(matches(text, "a:b:c")).isTrue();
    assertThat(matches(text, "a")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{SHA}4IbHGsB9TNKBE689RTZ5ZbOnlPU=",
        "$apr1$RnpY5HL3$g.IfvjxYzZzSecUGN4XPR1",
        "$5$UbUpQ9YSDiCBMxxp$YLq9Xx3mNoVKMFXaS.prA/MUTT9ha5TaVclXMQbC/KD",
        "$6$aLPq6J3kWaAvD3ug$K3D.himSgToAwg7j.CFV698h4PJOJJaHQR/0W4v9Pan6WxIhVYbxDDQS8oi5coGuJLVWTtvFP/niZ3ngc6icL0",
      })
  void readsLongPasswordsToTheEnd(String text) {
    assertThat(matches(text, X72 + "tail")).isTrue();
    assertThat(matches(text, X72)).isFalse();
  }

  @Test
  void readsOnly72OctetsForBcryptAsApacheDoes() {
    String text = "$2y$05$idYa3akvfZ/uebH8iBd2BeXmiS2Tw/N31YvtYZ8z7oOm6XJPPV6pe";
    assertThat(matches(text, X72 + "tail")).isTrue();
    assertThat(matches(text, X72)).isTrue();
    assertThat(matches(text, X72.substring(1))).isFalse();
  }

  @Test
  void cutsALongUtf8PasswordBetweenTheOctetsOfACharacter() {
    String text = "$2y$05$jfxHG4npTkKz.ZSpTKzH9eLnS1G1.w3b1R3cNDBhXLJPVcIAcgOPq";
    assertThat(matches(text, "ä".repeat(35) + "€€€")).isTrue();
    assertThat(matches(text, "ä".repeat(35) + "₭")).as("begins with the same two").isTrue();
    assertThat(matches(text, "ä".repeat(35) + "∀")).isFalse();
    assertThat(matches(text, "ä".repeat(35))).isFalse();
  }

  @Test
  void readsOnly8OctetsForDesAsApacheDoes() {
    assertThat(matches("9m45dG9mAkCLs", X72 + "tail")).isTrue();
    assertThat(matches("9m45dG9mAkCLs", "xxxxxxxx")).isTrue();
    assertThat(matches("9m45dG9mAkCLs", "xxxxxxx")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"$2a$", "$2b$", "$2y$"})
  void acceptsBcryptOfOtherPrograms(String version) {
    String text = version + "05$G.tskY6HyQ1mSs7TNly/xOysvest0wKSArNn7kcxH9f/75T2Sgpka";
    assertThat(matches(text, "secret")).isTrue();
    assertThat(matches(text, "secrets")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "secret",
        "sQJJEYhrTgXa",
        "sQJJEYhrTgXaI.",
        "sQJJEYhrTgXa!",
        "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ",
        "{sha}5en6G6MezRroT3XKqkdPOmY/BfQ=",
        "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=:",
        "{SSHA}5en6G6MezRroT3XKqkdPOmY/BfQ=",
        "$1$2Gcati4T$oBJ.14JgqDDn33Mm7Esit/",
        "$apr1$$oBJ.14JgqDDn33Mm7Esit/",
        "$apr1$2Gcati4T$oBJ.14JgqDDn33Mm7Esit",
        "$2y$03$G.tskY6HyQ1mSs7TNly/xOysvest0wKSArNn7kcxH9f/75T2Sgpka",
        "$2y$18$G.tskY6HyQ1mSs7TNly/xOysvest0wKSArNn7kcxH9f/75T2Sgpka",
        "$2x$05$G.tskY6HyQ1mSs7TNly/xOysvest0wKSArNn7kcxH9f/75T2Sgpka",
        "$2y$05$G.tskY6HyQ1mSs7TNly/xOysvest0wKSArNn7kcxH9f/75T2Sgpk",
        "$5$rounds=999$SGHEzOyjUJadGQdC$OjpKzH1PG69Yl/wGpxEeyP3RAcPegtrC5wtIetfyS3.",
        "$5$rounds=1000001$SGHEzOyjUJadGQdC$OjpKzH1PG69Yl/wGpxEeyP3RAcPegtrC5wtIetfyS3.",
        "$5$SGHEzOyjUJadGQdCX$OjpKzH1PG69Yl/wGpxEeyP3RAcPegtrC5wtIetfyS3.",
        "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7",
      })
  void refusesWhatItCannotCheck(String text) {
    assertThat(PasswordHash.parse(text)).isNull();
  }

  @Test
  void checksTheMostRoundsItAccepts() {
    assertThat(matches("$5$rounds=1000000$salt$" + ".".repeat(43), "secret")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=",
        "sQJJEYhrTgXaI",
        "$apr1$2Gcati4T$oBJ.14JgqDDn33Mm7Esit/",
        "$5$rounds=1000$SGHEzOyjUJadGQdC$OjpKzH1PG69Yl/wGpxEeyP3RAcPegtrC5wtIetfyS3.",
        "$6$JrnAy7vNPfDerIrw$T.K67veV6IqyQgjVAD6.2jYeQjSCpgY2EC/qYs4exMB0z7PCOUFa8e0aVTUrVDJSNT8/Ye5QVoKH.pEyxR4j40",
        "$2y$05$G.tskY6HyQ1mSs7TNly/xOysvest0wKSArNn7kcxH9f/75T2Sgpka",
      })
  void aDecoyIsOfTheSameKindAndCostAndMatchesNothing(String text) {
    PasswordHash hash = requireNonNull(PasswordHash.parse(text));
    PasswordHash decoy = hash.decoy();
    assertThat(decoy.scheme()).isEqualTo(hash.scheme());
    assertThat(decoy.cost()).isEqualTo(hash.cost());
    assertThat(decoy.text()).hasSameSizeAs(text).startsWith(hash.cost());
    assertThat(decoy.matches("secret".getBytes(UTF_8))).isFalse();
  }

  @Test
  void doesNotTellTheHash() {
    assertThat(PasswordHash.parse("sQJJEYhrTgXaI")).hasToString("DES");
  }

  private static boolean matches(String text, String password) {
    return requireNonNull(PasswordHash.parse(text)).matches(password.getBytes(UTF_8));
  }
}
