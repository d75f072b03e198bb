package etherws.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** What people read, word for word. */
class TablesTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:03:12Z");
  private static final ZoneId ZONE = ZoneOffset.UTC;

  private static String print(ListCommand command, String json) throws AskException {
    return command.print(Fields.of(json), NOW, ZONE);
  }

  @Test
  void status() throws AskException {
    String answer =
        """
        {"version":"2.0.0","pid":4711,"name":"hub","uptime_seconds":192,"unready":null,
         "networks":2,"ports":7,"clients":3,"troubles":[
         {"network":"lab","number":3,"name":"wss://hub.example/","state":"loop",
          "reason":"its own probe came back","until":"2026-11-22T10:04:00Z"},
         {"network":"lab","number":4,"name":"eth1","state":"shut","reason":null,"until":null},
         {"network":"lab","number":5,"name":"ws://b.example/","state":"down",
          "reason":"Connection refused","until":null}]}
        """;

    assertThat(print(new StatusCommand(), answer))
        .isEqualTo(
            """
            etherws 2.0.0 "hub", process 4711, up 3m12s: ready
            networks: 2, ports: 7, clients: 3
            port lab/3 (wss://hub.example/) is shut because of a loop until 10:04:00: its own probe came back
            port lab/4 (eth1) is shut
            port lab/5 (ws://b.example/) is down: Connection refused
            """);
  }

  @Test
  void statusOfANodeThatIsWell() throws AskException {
    String answer =
        """
        {"version":"2.0.0","pid":1,"name":"a","uptime_seconds":3,
         "unready":"eth1 is missing","networks":1,"ports":1,"clients":0,"troubles":[]}
        """;

    assertThat(print(new StatusCommand(), answer))
        .isEqualTo(
            """
            etherws 2.0.0 "a", process 1, up 3s: not ready, eth1 is missing
            networks: 1, ports: 1, clients: 0
            all ports are up
            """);
  }

  @Test
  void ports() throws AskException {
    String answer =
        """
        {"ports":[
         {"network":"lab","number":1,"name":"ethws0","type":"tap","state":"up","reason":null,
          "until":null,"policy":{"pvid":0,"tagged":"all","isolated":false},
          "ingress_frames":12,"ingress_octets":1500,"egress_frames":70000,
          "egress_octets":123456789,"drops":{},"macs":1,"since":"2026-11-22T10:00:00Z"},
         {"network":"guests","number":12,"name":"bob@192.0.2.7:40112","type":"client",
          "state":"shut","reason":"by an operator","until":null,
          "policy":{"pvid":10,"tagged":"20,30-39","isolated":true},
          "ingress_frames":0,"ingress_octets":0,"egress_frames":0,"egress_octets":0,
          "drops":{"runt":3,"queue_old":4},"macs":0,"since":"2026-11-20T08:00:00Z"}]}
        """;

    assertThat(print(new PortsCommand(), answer))
        .isEqualTo(
            """
            Port       Name                 Type    State  For    VLAN                         MACs  Frames in  Octets in  Frames out  Octets out  Dropped
            lab/1      ethws0               tap     up     3m12s  any                             1         12    1.5 KiB       70000   117.7 MiB        0
            guests/12  bob@192.0.2.7:40112  client  shut   2d02h  10 tagged 20,30-39 isolated     0          0        0 B           0         0 B        7

            port guests/12 (bob@192.0.2.7:40112) is shut: by an operator
            """);
  }

  @Test
  void clients() throws AskException {
    String answer =
        """
        {"clients":[
         {"network":"lab","number":2,"name":"alice@192.0.2.7:40112","user":"alice",
          "address":"192.0.2.7:40112","wire":"v2","tls":"TLSv1.3","since":"2026-11-22T10:03:00Z",
          "rtt_millis":1.26},
         {"network":"lab","number":3,"name":"192.0.2.8:9","user":null,"address":"192.0.2.8:9",
          "wire":"plain","tls":null,"since":"2026-11-22T09:03:00Z","rtt_millis":null}]}
        """;

    assertThat(print(new ClientsCommand(), answer))
        .isEqualTo(
            """
            Port   Name                   User   Address          Wire   TLS      For       RTT
            lab/2  alice@192.0.2.7:40112  alice  192.0.2.7:40112  v2     TLSv1.3  12s    1.3 ms
            lab/3  192.0.2.8:9            -      192.0.2.8:9      plain  -        1h00m       -
            """);
  }

  @Test
  void addresses() throws AskException {
    String answer =
        """
        {"fdb":[{"network":"lab","vid":0,"mac":"02:00:00:00:00:0a","number":1,"name":"ethws0",
         "age_seconds":3},{"network":"lab","vid":10,"mac":"02:00:00:00:00:0b","number":12,
         "name":"bob","age_seconds":192}]}
        """;

    assertThat(print(new FdbCommand(), answer))
        .isEqualTo(
            """
            Network  VLAN  MAC                Port  Name      Age
            lab         -  02:00:00:00:00:0a  1     ethws0     3s
            lab        10  02:00:00:00:00:0b  12    bob     3m12s
            """);
  }

  @Test
  void drops() throws AskException {
    String answer =
        """
        {"drops":[{"network":"lab","number":2,"name":"bob","reason":"runt",
         "sentence":"shorter than an Ethernet header (14 octets)","count":12}]}
        """;

    assertThat(print(new DropsCommand(), answer))
        .isEqualTo(
            """
            Port   Name  Frames  Reason  Meaning
            lab/2  bob       12  runt    shorter than an Ethernet header (14 octets)
            """);
  }

  @Test
  void emptyListsSaySo() throws AskException {
    assertThat(print(new NetworksCommand(), "{\"networks\":[]}")).isEqualTo("no networks\n");
    assertThat(print(new PortsCommand(), "{\"ports\":[]}")).isEqualTo("no ports\n");
    assertThat(print(new ClientsCommand(), "{\"clients\":[]}")).isEqualTo("no clients\n");
    assertThat(print(new FdbCommand(), "{\"fdb\":[]}")).isEqualTo("no addresses learned\n");
    assertThat(print(new DropsCommand(), "{\"drops\":[]}")).isEqualTo("no frames dropped\n");
  }

  @Test
  void octetsAndAgesAreShort() {
    assertThat(Human.octets(1023)).isEqualTo("1023 B");
    assertThat(Human.octets(1024)).isEqualTo("1.0 KiB");
    assertThat(Human.octets(Long.MAX_VALUE)).isEqualTo("8.0 EiB");
    assertThat(Human.age(59)).isEqualTo("59s");
    assertThat(Human.age(60)).isEqualTo("1m00s");
    assertThat(Human.age(3_725)).isEqualTo("1h02m");
    assertThat(Human.age(90_000)).isEqualTo("1d01h");
  }
}
