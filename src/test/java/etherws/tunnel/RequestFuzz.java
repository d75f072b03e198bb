package etherws.tunnel;

import etherws.bridge.Bridge;
import etherws.bridge.BridgeSettings;
import etherws.bridge.PortPolicy;
import etherws.metrics.RefusalCounters;
import etherws.testing.Choices;
import etherws.tunnel.Reception.Admission.Granted;
import etherws.websocket.WsWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * What a stranger says to a hub, whole or in pieces: one answer at most, the same for both, and no
 * other than those we know.
 */
public final class RequestFuzz {
  private static final BridgeSettings SMALL = new BridgeSettings(Duration.ofSeconds(300), 16);
  private static final InetSocketAddress PROXY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711);
  private static final TrustedProxies PROXIES =
      new TrustedProxies(Set.of(Subnet.parse("127.0.0.0/8")), false);
  private static final List<String> STATUSES =
      List.of("400", "403", "404", "405", "414", "426", "431");

  private RequestFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Choices choices = new Choices(input);
    int chunk = 1 + choices.octet();
    byte[] octets = choices.rest();
    String whole = answer(octets, octets.length + 1);
    String pieces = answer(octets, chunk);
    if (!whole.equals(pieces)) {
      throw new AssertionError("whole: " + whole + ", in pieces of " + chunk + ": " + pieces);
    }
  }

  /** The status, or nothing yet; and whether the connection is closed. */
  private static String answer(byte[] octets, int chunk) {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.freezeTime();
    channel
        .pipeline()
        .addLast(
            new HttpServerCodec(
                new HttpDecoderConfig()
                    .setMaxInitialLineLength(Hub.MAX_REQUEST_LINE)
                    .setMaxHeaderSize(Hub.MAX_HEADERS)
                    .setHeadersFactory(RequestHeaders.FACTORY)),
            handshake());
    for (int at = 0; at < octets.length && channel.isOpen(); at += chunk) {
      int end = Math.min(octets.length, at + chunk);
      channel.writeInbound(Unpooled.copiedBuffer(Arrays.copyOfRange(octets, at, end)));
    }
    String status = status(written(channel));
    String answer = status + (channel.isOpen() || status.equals("101") ? "" : ", closed");
    channel.checkException();
    channel.finishAndReleaseAll();
    return answer;
  }

  private static HubHandshake handshake() {
    Bridge bridge = new Bridge(SMALL, () -> 0, new Random(1));
    PeerNetwork network = new PeerNetwork("lab", bridge, 0);
    return new HubHandshake(
        (path, who) ->
            path.isEmpty()
                ? new Granted(network, PortPolicy.LOCAL)
                : new Reception.Admission.NoSuchNetwork(),
        new OriginPolicy(Set.of()),
        new Caller(PROXY, PROXIES),
        false,
        null,
        new RefusalCounters(),
        (ctx, caller, granted, path, identity, wire, quirks) -> {
          Session session = new Session("peer", "peer", bridge, PortPolicy.LOCAL);
          return new Link(
              session, wire, quirks, false, WsWriter.unmasked(), () -> 0, _ -> session.close());
        });
  }

  private static String written(EmbeddedChannel channel) {
    StringBuilder all = new StringBuilder();
    for (ByteBuf write = channel.readOutbound(); write != null; write = channel.readOutbound()) {
      all.append(write.toString(StandardCharsets.ISO_8859_1));
      write.release();
    }
    return all.toString();
  }

  private static String status(String answers) {
    if (answers.isEmpty()) {
      return "none";
    }
    String status = answers.startsWith("HTTP/1.1 ") ? answers.substring(9, 12) : answers;
    boolean refusal = STATUSES.contains(status) && answers.endsWith("\r\n\r\n");
    if (refusal ? answers.lastIndexOf("HTTP/") > 0 : !status.equals("101")) {
      throw new AssertionError("an answer of no kind: " + answers);
    }
    return status;
  }
}
