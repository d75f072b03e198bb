package etherws.node;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.auth.Identity;
import etherws.bridge.Bridge;
import etherws.bridge.BridgeSettings;
import etherws.bridge.PortPolicy;
import etherws.node.UsersSettings.User;
import etherws.tunnel.PeerNetwork;
import etherws.tunnel.Reception.Admission;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who joins which network, as what. */
class MembershipTest {
  private static final Identity ALICE = Identity.ofCertificate("alice");
  private static final Identity BOB = Identity.ofCertificate("bob");
  private static final Instant NEW_YEAR = Instant.parse("2027-01-01T00:00:00Z");

  private final PeerNetwork lab = network("lab");
  private final PeerNetwork office = network("office");
  private Instant now = NEW_YEAR.minusSeconds(1);

  @Test
  void withoutUsersEverybodyJoinsByTheNetworksOwnPolicy() {
    Membership rules = rules(UsersSettings.ANYBODY);

    assertThat(rules.admit("/lab", null)).isEqualTo(new Admission.Granted(lab, PortPolicy.CLIENT));
    assertThat(rules.admit("", null)).isEqualTo(new Admission.Granted(office, PortPolicy.CLIENT));
  }

  @Test
  void anUnknownPathLeadsNowhere() {
    assertThat(rules(UsersSettings.ANYBODY).admit("/la", null))
        .isInstanceOf(Admission.NoSuchNetwork.class);
  }

  @Test
  void aNamedUserJoinsTheNetworksOfTheListAlone() {
    Membership rules = rules(users(true, new User(Map.of("lab", PortPolicy.LOCAL), null)));

    assertThat(rules.admit("/lab", ALICE)).isEqualTo(new Admission.Granted(lab, PortPolicy.LOCAL));
    assertThat(rules.admit("", ALICE)).isInstanceOf(Admission.Forbidden.class);
    assertThat(rules.admit("", BOB)).isEqualTo(new Admission.Granted(office, PortPolicy.CLIENT));
  }

  @Test
  void usersWithoutAnEntryStayOutIfTheSettingsSaySo() {
    Membership rules = rules(users(false, new User(Map.of("lab", PortPolicy.LOCAL), null)));

    assertThat(rules.admit("/lab", ALICE)).isInstanceOf(Admission.Granted.class);
    assertThat(rules.admit("/lab", BOB)).isInstanceOf(Admission.Forbidden.class);
    assertThat(rules.admit("/nowhere", BOB)).isInstanceOf(Admission.Forbidden.class);
  }

  @Test
  void aUserExpiresOnTheSecond() {
    Membership rules = rules(users(true, new User(Map.of("lab", PortPolicy.LOCAL), NEW_YEAR)));
    assertThat(rules.admit("/lab", ALICE)).isInstanceOf(Admission.Granted.class);

    now = NEW_YEAR;
    assertThat(rules.admit("/lab", ALICE)).isInstanceOf(Admission.Forbidden.class);
  }

  @Test
  void whoIsNotVouchedForAnyMoreStaysOut() {
    Membership rules =
        new Membership(
            UsersSettings.ANYBODY,
            Map.of("", new Membership.Joined(office, PortPolicy.CLIENT)),
            who -> who.equals(BOB),
            () -> now);

    assertThat(rules.admit("", ALICE)).isInstanceOf(Admission.Forbidden.class);
    assertThat(rules.admit("", BOB)).isInstanceOf(Admission.Granted.class);
  }

  @Test
  void whoWasNeverAskedStaysOutOncePasswordsAre() {
    UsersSettings asking = new UsersSettings(Path.of("users"), true, Map.of());

    assertThat(rules(asking).admit("/lab", null)).isInstanceOf(Admission.Forbidden.class);
    assertThat(rules(asking).admit("/lab", ALICE)).isInstanceOf(Admission.Granted.class);
  }

  private Membership rules(UsersSettings users) {
    Map<String, Membership.Joined> networks =
        Map.of(
            "/lab", new Membership.Joined(lab, PortPolicy.CLIENT),
            "", new Membership.Joined(office, PortPolicy.CLIENT));
    return new Membership(users, networks, _ -> true, () -> now);
  }

  private static UsersSettings users(boolean unlisted, User alice) {
    return new UsersSettings(null, unlisted, Map.of("alice", alice));
  }

  private static PeerNetwork network(String name) {
    return new PeerNetwork(name, new Bridge(BridgeSettings.DEFAULTS, () -> 0), 0);
  }
}
