package etherws.capture;

import etherws.capture.Primitives.Side;
import etherws.frame.MacAddress;
import io.netty.util.NetUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a filter expression. As in pcap-filter(7), {@code and} and {@code or} bind alike, from left
 * to right, and {@code not} binds tighter. Other than there, conditions look behind VLAN tags
 * without being told to, and {@code vlan} is a condition like any other.
 */
final class FilterParser {
  private static final Pattern WORD =
      Pattern.compile("\\s*(\\(|\\)|!(?!=)|&&|\\|\\||[^\\s()!]+)\\s*");
  private static final int MAX_LENGTH = 4096;
  private static final int MAX_DEPTH = 64;
  private static final int MAX_VID = 4095;
  private static final int MAX_PORT = 65_535;
  private static final String CONDITIONS =
      "conditions: ether host MAC, ether src MAC, ether dst MAC, vlan [VID], arp, ip, ip6, host IP,"
          + " [tcp|udp] [src|dst] port N, tcp, udp, icmp, icmp6, broadcast, multicast;"
          + " joined by and, or, not, ( )";

  private record Word(String text, int column) {}

  private final String expression;
  private final List<Word> words = new ArrayList<>();
  private int next;
  private int depth;

  FilterParser(String expression) {
    this.expression = expression;
  }

  FrameFilter parse() throws FilterException {
    if (expression.length() > MAX_LENGTH) {
      throw new FilterException(MAX_LENGTH + 1, "the expression is too long", "shorten it");
    }
    split();
    if (atEnd()) {
      return FrameFilter.ALL;
    }
    FrameFilter filter = alternatives();
    if (!atEnd()) {
      throw wrong("'" + peek() + "' follows a complete condition", "join conditions by and or or");
    }
    return filter;
  }

  private void split() throws FilterException {
    Matcher matcher = WORD.matcher(expression);
    int at = 0;
    while (at < expression.length() && !expression.substring(at).isBlank()) {
      if (!matcher.region(at, expression.length()).lookingAt()) {
        int column = at + 1;
        throw new FilterException(column, "unexpected '" + expression.charAt(at) + "'", CONDITIONS);
      }
      words.add(new Word(matcher.group(1), matcher.start(1) + 1));
      at = matcher.end();
    }
  }

  private FrameFilter alternatives() throws FilterException {
    FrameFilter filter = negation();
    while (true) {
      if (take("and") || take("&&")) {
        filter = filter.and(negation());
      } else if (take("or") || take("||")) {
        filter = filter.or(negation());
      } else {
        return filter;
      }
    }
  }

  private FrameFilter negation() throws FilterException {
    if (++depth > MAX_DEPTH) {
      throw wrong("nested too deep", "at most " + MAX_DEPTH + " levels");
    }
    FrameFilter filter;
    if (take("not") || take("!")) {
      filter = negation().not();
    } else if (take("(")) {
      filter = alternatives();
      if (!take(")")) {
        throw wrong("a parenthesis is not closed", "add )");
      }
    } else {
      filter = condition();
    }
    depth--;
    return filter;
  }

  private FrameFilter condition() throws FilterException {
    if (atEnd()) {
      throw wrong("a condition is missing at the end", CONDITIONS);
    }
    Word word = words.get(next++);
    return switch (word.text) {
      case "ether" -> ether();
      case "broadcast" -> Primitives.broadcast();
      case "multicast" -> Primitives.multicast();
      case "vlan" -> isNumber() ? Primitives.vlan(number(MAX_VID, "a VID")) : Primitives.tagged();
      case "arp" -> Primitives.etherType(Headers.ARP);
      case "ip" -> Primitives.etherType(Headers.IPV4);
      case "ip6" -> Primitives.etherType(Headers.IPV6);
      case "icmp" -> Primitives.etherType(Headers.IPV4).and(Primitives.protocol(Headers.ICMP));
      case "icmp6" -> Primitives.etherType(Headers.IPV6).and(Primitives.protocol(Headers.ICMPV6));
      case "tcp" -> portOf(Headers.TCP);
      case "udp" -> portOf(Headers.UDP);
      case "src" -> end(Side.SOURCE);
      case "dst" -> end(Side.DESTINATION);
      case "host" -> host(Side.EITHER);
      case "port" -> port(Side.EITHER);
      default -> {
        next--;
        throw wrong("unknown word '" + word.text + "'", CONDITIONS);
      }
    };
  }

  private FrameFilter ether() throws FilterException {
    if (take("broadcast")) {
      return Primitives.broadcast();
    }
    if (take("multicast")) {
      return Primitives.multicast();
    }
    if (take("host")) {
      return Primitives.mac(Side.EITHER, mac());
    }
    boolean source = take("src");
    if (!source && !take("dst")) {
      throw wrong("ether of what?", "ether host MAC, ether src MAC, ether dst MAC");
    }
    take("host");
    return Primitives.mac(source ? Side.SOURCE : Side.DESTINATION, mac());
  }

  /** The protocol alone, or one of its ports. */
  private FrameFilter portOf(int protocol) throws FilterException {
    FrameFilter any = Primitives.protocol(protocol);
    if (take("port")) {
      return any.and(port(Side.EITHER));
    }
    boolean source = take("src");
    if (source || take("dst")) {
      if (!take("port")) {
        throw wrong("port is missing", "for example: tcp src port 80");
      }
      return any.and(port(source ? Side.SOURCE : Side.DESTINATION));
    }
    return any;
  }

  private FrameFilter end(Side side) throws FilterException {
    if (take("port")) {
      return port(side);
    }
    take("host");
    return host(side);
  }

  private FrameFilter port(Side side) throws FilterException {
    return Primitives.port(side, number(MAX_PORT, "a port number"));
  }

  private FrameFilter host(Side side) throws FilterException {
    byte[] address = NetUtil.createByteArrayFromIpAddressString(peek());
    if (address == null) {
      throw wrong("no IP address here", "names are not looked up: write 192.0.2.1 or 2001:db8::1");
    }
    next++;
    return Primitives.host(side, address);
  }

  private long mac() throws FilterException {
    try {
      long mac = MacAddress.parse(peek());
      next++;
      return mac;
    } catch (IllegalArgumentException e) {
      throw wrong("no MAC address here", "six pairs of hex digits: 02:00:5e:10:00:01");
    }
  }

  private boolean isNumber() {
    return !peek().isEmpty() && peek().chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private int number(int most, String what) throws FilterException {
    String text = peek();
    if (!isNumber() || text.length() > 5 || Integer.parseInt(text) > most) {
      throw wrong("no number from 0 to " + most + " here", "it should be " + what);
    }
    next++;
    return Integer.parseInt(text);
  }

  private boolean take(String word) {
    boolean here = peek().equals(word);
    next += here ? 1 : 0;
    return here;
  }

  private String peek() {
    return atEnd() ? "" : words.get(next).text;
  }

  private boolean atEnd() {
    return next == words.size();
  }

  private FilterException wrong(String what, String hint) {
    int column = atEnd() ? expression.length() + 1 : words.get(next).column;
    return new FilterException(column, what, hint);
  }
}
