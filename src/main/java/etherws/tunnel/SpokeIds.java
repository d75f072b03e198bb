package etherws.tunnel;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * By what hubs know a spoke for as long as it lives.
 *
 * @param session 128 bits that nobody guesses, in base64url: whose links those are
 * @param mac six octets, colons between: locally administered, individual
 */
record SpokeIds(String session, String mac) {
  static SpokeIds random(SecureRandom random) {
    byte[] session = new byte[16];
    random.nextBytes(session);
    byte[] mac = new byte[6];
    random.nextBytes(mac);
    mac[0] = (byte) ((mac[0] & 0xfc) | 0x02);
    return new SpokeIds(
        Base64.getUrlEncoder().withoutPadding().encodeToString(session),
        HexFormat.ofDelimiter(":").formatHex(mac));
  }
}
