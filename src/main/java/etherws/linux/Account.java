package etherws.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Users of this host. */
public final class Account {
  /*
   * struct passwd {
   *   char *pw_name;     // 0
   *   char *pw_passwd;   // 8
   *   uid_t pw_uid;      // 16
   *   ...
   */
  private static final int UID = 16;

  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

  private Account() {}

  /** The uid of a user by name, or by that number itself; empty if there is no such user. */
  public static synchronized OptionalInt uid(String name) {
    if (NUMBER.matcher(name).matches()) {
      return OptionalInt.of(Integer.parseInt(name));
    }
    long passwd = LibC.getpwnam(name);
    return passwd <= 0 ? OptionalInt.empty() : OptionalInt.of(uidAt(passwd));
  }

  @SuppressWarnings("restricted") // as LibC
  private static int uidAt(long passwd) {
    return MemorySegment.ofAddress(passwd).reinterpret(UID + Integer.BYTES).get(JAVA_INT, UID);
  }
}
