package etherws.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AccountTest {
  @Test
  void knowsUsersByNameAndByNumber() {
    assertThat(Account.uid("root")).hasValue(0);
    assertThat(Account.uid("nobody").orElseThrow()).isPositive();
    assertThat(Account.uid("1234")).hasValue(1234);
  }

  @Test
  void knowsNobodyElse() {
    assertThat(Account.uid("nobody-of-this-name")).isEmpty();
    assertThat(Account.uid("")).isEmpty();
    assertThat(Account.uid("-1")).isEmpty();
  }
}
