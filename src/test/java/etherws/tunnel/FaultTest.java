package etherws.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FaultTest {
  @Test
  void leavesNothingInAStrangersTextThatATerminalWouldObey() {
    assertThat(Fault.printable("bye\n12:00 ERROR forged \u001b[31mred\u009b\u202e\u2028"))
        .isEqualTo("bye?12:00 ERROR forged ?[31mred???");
  }

  @Test
  void keepsOtherTextAsItIs() {
    assertThat(Fault.printable("größer als 1 MiB")).isEqualTo("größer als 1 MiB");
  }

  @Test
  void cutsLongText() {
    assertThat(Fault.printable("x".repeat(1_000))).hasSize(201);
  }
}
