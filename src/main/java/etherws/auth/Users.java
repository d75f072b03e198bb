package etherws.auth;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The users of one reading of an htpasswd file. Never changes. */
final class Users {
  private static final String BYTE_ORDER_MARK = "\ufeff";

  private final Map<String, PasswordHash> hashes;
  private final List<PasswordHash> decoys;

  private Users(Map<String, PasswordHash> hashes) {
    this.hashes = Map.copyOf(hashes);
    this.decoys =
        hashes.values().stream()
            .sorted(Comparator.comparing(PasswordHash::scheme).thenComparing(PasswordHash::cost))
            .map(PasswordHash::decoy)
            .toList();
  }

  /**
   * Reads the file's octets: {@code user:hash} on each line, blank lines and {@code #} comments
   * skipped, lines ended by LF or CRLF.
   *
   * @throws HtpasswdException about the first bad line
   */
  static Users parse(Path file, byte[] octets) throws HtpasswdException {
    Map<String, PasswordHash> hashes = new HashMap<>();
    Map<String, Integer> lines = new HashMap<>();
    int number = 0;
    for (ByteBuffer raw : split(octets)) {
      number++;
      String line = decode(file, number, raw);
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      int colon = line.indexOf(':');
      String user = colon < 0 ? "" : line.substring(0, colon);
      if (user.isEmpty() || line.chars().anyMatch(Character::isISOControl)) {
        throw new HtpasswdException(
            file, number, "this is not user:hash", "write the line with: htpasswd -B FILE USER");
      }
      hashes.put(user, hash(file, number, line.substring(colon + 1)));
      Integer before = lines.put(user, number);
      if (before != null) {
        throw new HtpasswdException(
            file, number, user + " is already on line " + before, "delete one of the lines");
      }
    }
    return new Users(hashes);
  }

  private static List<ByteBuffer> split(byte[] octets) {
    List<ByteBuffer> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= octets.length; i++) {
      if (i == octets.length || octets[i] == '\n') {
        lines.add(ByteBuffer.wrap(octets, start, i - start));
        start = i + 1;
      }
    }
    return lines;
  }

  private static String decode(Path file, int number, ByteBuffer raw) throws HtpasswdException {
    try {
      String line = StandardCharsets.UTF_8.newDecoder().decode(raw).toString();
      return (number == 1 && line.startsWith(BYTE_ORDER_MARK) ? line.substring(1) : line).strip();
    } catch (CharacterCodingException e) {
      throw new HtpasswdException(
          file, number, "this is not UTF-8", "convert the file, or delete the line");
    }
  }

  private static PasswordHash hash(Path file, int number, String text) throws HtpasswdException {
    PasswordHash hash = PasswordHash.parse(text);
    if (hash != null) {
      return hash;
    }
    String what =
        text.startsWith("$") || text.startsWith("{")
            ? "the password hash is damaged, too costly, or of an unknown kind"
            : "the password is plain text, or its hash is damaged";
    throw new HtpasswdException(
        file, number, what, "set the password again with: htpasswd -B FILE USER");
  }

  /** The stored hash, or null for an unknown user. */
  @Nullable PasswordHash hash(String user) {
    return hashes.get(user);
  }

  /**
   * What an unknown user's password is compared with, so that time does not tell who is known. Of
   * all users together, the decoys cost what the hashes of the file do. Null when there are no
   * users to tell apart.
   *
   * @param lot of that user, from 0 to below 1
   */
  @Nullable PasswordHash decoy(double lot) {
    return decoys.isEmpty() ? null : decoys.get((int) (lot * decoys.size()));
  }

  int count() {
    return hashes.size();
  }

  int weak() {
    return (int) hashes.values().stream().filter(hash -> hash.scheme().weak()).count();
  }
}
