package etherws.tunnel;

import static etherws.testing.Frames.ALICE;
import static etherws.testing.Frames.BOB;
import static etherws.testing.Frames.octets;
import static etherws.tunnel.RawPeer.BINARY;
import static etherws.tunnel.RawPeer.FIN;
import static etherws.tunnel.RawPeer.PING;
import static etherws.tunnel.RawPeer.masked;
import static etherws.tunnel.RawPeer.unmasked;
import static org.assertj.core.api.Assertions.assertThat;

import etherws.bridge.Attachment;
import etherws.bridge.Bridge;
import etherws.bridge.BridgeSettings;
import etherws.bridge.PortPolicy;
import etherws.metrics.Refusal;
import etherws.metrics.RefusalCounters;
import etherws.testing.Frames;
import etherws.testing.RecordingPort;
import etherws.tunnel.Reception.Admission.Granted;
import etherws.websocket.WsWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a hub writes to a peer, write by write, on a clock that stands still. */
class HubLinkTest {
  private static final byte[] NO_PAYLOAD = {};
  private static final byte[] THEIRS = octets(ALICE, BOB, 60);
  private static final byte[] OURS = octets(BOB, ALICE, 1514);

  private final RecordingPort port = new RecordingPort("port");
  private final Bridge bridge = new Bridge(BridgeSettings.DEFAULTS, () -> 0);
  private final Attachment attachment = bridge.attach(port, PortPolicy.LOCAL);
  private final PeerNetwork network = new PeerNetwork("lab", bridge, 0);
  private final RefusalCounters refusals = new RefusalCounters();
  private final EmbeddedChannel channel = new EmbeddedChannel();

  @BeforeEach
  void connect() {
    channel.freezeTime();
    channel
        .pipeline()
        .addLast(
            new HttpServerCodec(),
            new HubHandshake(
                (path, who) -> new Granted(network, PortPolicy.LOCAL),
                new OriginPolicy(Set.of()),
                new Caller(new InetSocketAddress("192.0.2.7", 40112), TrustedProxies.NONE),
                false,
                null,
                refusals,
                (ctx, caller, granted, path, identity, wire, quirks) -> link(quirks)));
  }

  private Link link(Quirks quirks) {
    Session session = new Session("peer", "peer", bridge, PortPolicy.LOCAL);
    return new Link(
        session, Wire.PLAIN, quirks, false, WsWriter.unmasked(), () -> 0, cause -> session.close());
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  @Test
  void whoHasSaidTooLittleIn10SecondsIsSentAwayAndCounted() {
    channel.writeInbound(Unpooled.wrappedBuffer(RawPeer.octets("GET / HTTP/1.1\n")));
    passes(HubHandshake.DEADLINE_SECONDS * 1_000 - 1);
    assertThat(channel.isOpen()).isTrue();

    passes(1);
    assertThat(channel.isOpen()).isFalse();
    assertThat(refusals.of(Refusal.SILENCE)).isEqualTo(1);
  }

  @Test
  void aPeerThatReadsNothingPinsNoMoreThanItsFramesAreLong() {
    says(Requests.BROWSER);
    passes(1);
    writes();
    attachment.receive(Frames.view(Frames.octets(BOB, ALICE, 60)));
    passes(1);

    ByteBuf message = channel.readOutbound();
    assertThat(message.capacity()).isLessThanOrEqualTo(2_048);
    message.release();
  }

  @Test
  void vpnWsGetsNothingForAWhileBehindTheAnswer() {
    says(Requests.VPN_WS);
    assertThat(writes()).hasSize(1);
    attachment.receive(Frames.view(OURS));

    passes(Quirks.HOLD_BACK_MILLIS - 1);
    assertThat(writes()).isEmpty();

    passes(1);
    assertThat(writes())
        .containsExactly(unmasked(FIN | PING, NO_PAYLOAD), unmasked(FIN | BINARY, OURS));
  }

  @Test
  void vpnWsGetsEverythingOnceItHasSpoken() {
    says(Requests.VPN_WS);
    assertThat(writes()).hasSize(1);
    attachment.receive(Frames.view(OURS));

    channel.writeInbound(Unpooled.wrappedBuffer(masked(FIN | BINARY, THEIRS)));
    assertThat(port.frames()).containsExactly(THEIRS);
    assertThat(writes())
        .containsExactly(unmasked(FIN | PING, NO_PAYLOAD), unmasked(FIN | BINARY, OURS));
  }

  @Test
  void vpnWsMaySpeakByAPing() {
    says(Requests.VPN_WS);
    assertThat(writes()).hasSize(1);
    attachment.receive(Frames.view(OURS));

    channel.writeInbound(Unpooled.wrappedBuffer(masked(FIN | PING, NO_PAYLOAD)));
    assertThat(writes()).hasSize(3).contains(unmasked(FIN | BINARY, OURS));
  }

  @Test
  void everyOtherPeerIsPingedAtOnce() {
    says(Requests.BROWSER);

    assertThat(writes()).hasSize(2).last().isEqualTo(unmasked(FIN | PING, NO_PAYLOAD));
  }

  @Test
  void oldEtherwsGetsEachMessageWholeAndByItself() {
    says(Requests.OLD_ETHERWS);
    writes();

    flood(3);
    byte[] message = unmasked(FIN | BINARY, OURS);
    assertThat(writes()).containsExactly(message, message, message);
  }

  @Test
  void othersGetTheMessagesOfOneWakeUpTogether() {
    says(Requests.BROWSER);
    writes();

    flood(3);
    byte[] message = unmasked(FIN | BINARY, OURS);
    assertThat(writes())
        .containsExactly(ByteBufUtil.getBytes(Unpooled.wrappedBuffer(message, message, message)));
  }

  /** Frames that come with the last octets of a request are not lost in the HTTP decoder. */
  @Test
  void framesRightBehindTheRequestAreDelivered() {
    byte[] request = RawPeer.octets(Requests.BROWSER.replace("HOST", "127.0.0.1"));
    channel.writeInbound(Unpooled.wrappedBuffer(request, masked(FIN | BINARY, THEIRS)));

    assertThat(port.frames()).containsExactly(THEIRS);
  }

  private void says(String request) {
    byte[] head = RawPeer.octets(request.replace("HOST", "127.0.0.1"));
    channel.writeInbound(Unpooled.wrappedBuffer(head));
  }

  private void flood(int frames) {
    for (int i = 0; i < frames; i++) {
      attachment.receive(Frames.view(OURS));
    }
    channel.runPendingTasks();
  }

  private void passes(long millis) {
    channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    channel.runPendingTasks();
  }

  private List<byte[]> writes() {
    List<byte[]> writes = new ArrayList<>();
    for (ByteBuf write = channel.readOutbound(); write != null; write = channel.readOutbound()) {
      writes.add(ByteBufUtil.getBytes(write));
      write.release();
    }
    return writes;
  }
}
