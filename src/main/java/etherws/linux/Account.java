package etherws.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A user of this host, and how to find one. */
public record Account(int uid, int gid) {
  /*
   * struct passwd {
   *   char *pw_name;     // 0
   *   char *pw_passwd;   // 8
   *   uid_t pw_uid;      // 16
   *   gid_t pw_gid;      // 20
   *   ...
   *
   * struct group: as pw_passwd, and gr_gid where pw_uid is
   */
  private static final int UID = 16;
  private static final int GID = 20;

  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

  /** The uid of a user by name, or by that number itself; empty if there is no such user. */
  public static synchronized OptionalInt uid(String name) {
    if (NUMBER.matcher(name).matches()) {
      return OptionalInt.of(Integer.parseInt(name));
    }
    Account account = named(name);
    return account == null ? OptionalInt.empty() : OptionalInt.of(account.uid);
  }

  /** The user of that name; null if there is none. */
  static synchronized @Nullable Account named(String name) {
    long passwd = LibC.getpwnam(name);
    return passwd <= 0 ? null : new Account(at(passwd, UID), at(passwd, GID));
  }

  /** The gid of a group, as {@link #uid}. */
  static synchronized OptionalInt gid(String name) {
    if (NUMBER.matcher(name).matches()) {
      return OptionalInt.of(Integer.parseInt(name));
    }
    long group = ProcessCalls.getgrnam(name);
    return group <= 0 ? OptionalInt.empty() : OptionalInt.of(at(group, UID));
  }

  @SuppressWarnings("restricted") // as LibC
  private static int at(long struct, int offset) {
    return MemorySegment.ofAddress(struct)
        .reinterpret(offset + Integer.BYTES)
        .get(JAVA_INT, offset);
  }
}
