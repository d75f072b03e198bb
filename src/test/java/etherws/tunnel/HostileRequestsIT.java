package etherws.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import etherws.testing.Figure;
import etherws.testing.PrivateNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** HTTP as attackers write it, against a server that runs as for users. */
@ExtendWith(PrivateNetwork.class)
class HostileRequestsIT {
  private static final String GOOD = Requests.BROWSER;
  private static final String END = "\n\n";

  private final Map<String, String> answers = new LinkedHashMap<>();
  private final SoftAssertions all = new SoftAssertions();
  @TempDir private Path folder;

  @Test
  void everyBadHeadIsAnsweredOnceWithItsStatus() throws Exception {
    try (LoneServer server = new LoneServer(folder, "server")) {
      tooLong();
      ambiguous();
      malformed();
      smuggled();
      all.assertAll();
      assertThat(server.troubles()).isEmpty();
      Figure.print("bad HTTP heads", "%d, each answered once, with its status", answers.size());
    }
  }

  @Test
  void oddOffersAreNoReasonToRefuse() throws Exception {
    try (LoneServer server = new LoneServer(folder, "server")) {
      for (String extensions :
          new String[] {
            "permessage-deflate; server_max_window_bits=99; client_max_window_bits=x",
            "x;;;=,,;",
            "permessage-deflate\nSec-WebSocket-Extensions: permessage-deflate",
            "x-webkit-deflate-frame" + ", e".repeat(3_000)
          }) {
        String head = GOOD.replace("permessage-deflate; client_max_window_bits", extensions);
        all.assertThat(head(head)).startsWith("HTTP/1.1 101 ").doesNotContain("extensions");
      }
      for (String protocols :
          new String[] {
            "", ",,,", "etherws.v2;q=1", "ETHERWS.V2", "\"etherws.v2\"", "x".repeat(5_000)
          }) {
        all.assertThat(head(offering(protocols))).startsWith("HTTP/1.1 101 ").doesNotContain("v2");
      }
      for (String protocols :
          new String[] {
            "etherws.v2,etherws.v2", ", ,etherws.v2", "a\nSec-WebSocket-Protocol: etherws.v2"
          }) {
        all.assertThat(head(offering(protocols))).contains("sec-websocket-protocol: etherws.v2");
      }
      all.assertAll();
      assertThat(server.troubles()).isEmpty();
    }
  }

  private static String offering(String protocols) {
    return GOOD.replace(
        "Version: 13\n", "Version: 13\nSec-WebSocket-Protocol: " + protocols + "\n");
  }

  private void tooLong() throws IOException {
    answered("8 MiB in one header", with("Cookie: " + "a".repeat(8 << 20)), 431);
    answered("8 MiB without a colon", with("a".repeat(8 << 20)), 431);
    answered("8 MiB of target", GOOD.replace("GET /", "GET /" + "a".repeat(8 << 20)), 414);
    answered("8 MiB of method", "a".repeat(8 << 20), 414);
    answered("20,000 headers", with("a: b\n".repeat(20_000).strip()), 431);
    answered("101 headers", with("a: b\n".repeat(101 - headers(GOOD)).strip()), 431);
    answered("nothing: 100 headers", with("a: b\n".repeat(100 - headers(GOOD)).strip()), 101);
  }

  private void ambiguous() throws IOException {
    answered("two Hosts", with("Host: b"), 400);
    answered("two Origins", with("Origin: http://b"), 400);
    answered("two keys", with("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="), 400);
    answered("two versions", with("Sec-WebSocket-Version: 13"), 400);
    answered("two passwords", with("Authorization: Basic YTph\nAuthorization: Basic Yjpi"), 400);
    answered("TE and CL", with("Transfer-Encoding: chunked\nContent-Length: 3"), 400);
    answered("TE", with("Transfer-Encoding: chunked"), 400);
    answered("TE that nobody knows", with("Transfer-Encoding: xchunked"), 400);
    answered("two CLs", with("Content-Length: 0\nContent-Length: 7"), 400);
    answered("a body to come", with("Content-Length: 1000000"), 400);
    answered("CL below 0", with("Content-Length: -1"), 400);
    answered("CL of 2^64", with("Content-Length: 18446744073709551616"), 400);
    answered("CL in hex", with("Content-Length: 0x0"), 400);
  }

  private void malformed() throws IOException {
    answered("HTTP/1.0", GOOD.replace("HTTP/1.1", "HTTP/1.0"), 400);
    answered("HTTP/0.9", "GET /" + END, 400);
    answered("HTTP/1.2", GOOD.replace("HTTP/1.1", "HTTP/1.2"), 400);
    answered("HTTP/2", "PRI * HTTP/2.0" + END + "SM" + END, 405);
    answered("SSH", "SSH-2.0-OpenSSH_10.0" + END, 400);
    answered(
        "TLS", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003" + END, 400);
    answered("a space before the colon", with("Host : b"), 400);
    answered("no name", with(": b"), 400);
    answered("NUL in a name", with("a\u0000b: c"), 400);
    answered("NUL in a value", with("a: b\u0000c"), 400);
    answered("a bare CR", with("a: b\rHost: c"), 400);
    answered("no key", GOOD.replace("Sec-WebSocket-Key", "X-Key"), 400);
    answered("another version", GOOD.replace("Version: 13", "Version: 8"), 426);
    answered("another path", GOOD.replace("GET / ", "GET /elsewhere "), 404);
    answered("a path with dots", GOOD.replace("GET / ", "GET /../ "), 404);
    answered("a whole URI", GOOD.replace("GET / ", "GET http://HOST/ "), 404);
    answered("another method", GOOD.replace("GET", "DELETE"), 405);
    answered("another origin", GOOD.replace("Origin: http://HOST", "Origin: http://evil"), 403);
    answered("origin null", GOOD.replace("Origin: http://HOST", "Origin: null"), 403);
  }

  /** What follows a refused request is not looked at, be it the best of requests. */
  private void smuggled() throws IOException {
    answered("behind a refusal", GOOD.replace("GET / ", "GET /elsewhere ") + GOOD, 404);
    answered("behind a bad head", "nonsense" + END + GOOD, 400);
    answered("in a body", with("Content-Length: " + GOOD.length()) + GOOD, 400);
    answered("in a chunk", with("Transfer-Encoding: chunked") + "1\nx\n0" + END + GOOD, 400);
    answered(
        "behind an upgrade to another protocol",
        GOOD.replace("Upgrade: websocket", "Upgrade: h2c") + GOOD,
        426);
  }

  private void answered(String name, String request, int status) throws IOException {
    String answer = status == 101 ? head(request) : whole(request);
    answers.put(name, answer);
    all.assertThat(answer).as(name).startsWith("HTTP/1.1 " + status + " ");
    all.assertThat(answer.lastIndexOf("HTTP/1.1 ")).as(name + ": " + answer).isZero();
  }

  /** What the server says first. */
  private static String head(String request) throws IOException {
    try (RawPeer peer = RawPeer.dial(80).say(request)) {
      return peer.head();
    }
  }

  /** All that the server says until it ends the connection; while we still talk, if it wants. */
  private static String whole(String request) throws IOException {
    try (RawPeer peer = RawPeer.dial(80)) {
      try {
        peer.say(request);
      } catch (IOException e) {
        return "the connection was reset under the request: " + e.getMessage();
      }
      StringBuilder answer = new StringBuilder(peer.head());
      for (byte[] more = peer.read(); more.length > 0; more = peer.read()) {
        answer.append(new String(more, java.nio.charset.StandardCharsets.ISO_8859_1));
      }
      return answer.toString();
    } catch (IOException e) {
      return "no answer: " + e.getMessage();
    }
  }

  private static String with(String headers) {
    return GOOD.replace("\n\n", "\n" + headers + END);
  }

  private static int headers(String head) {
    return (int) head.strip().lines().count() - 1;
  }
}
