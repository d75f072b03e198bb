package etherws.linux;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whom a process can become.
 *
 * @param name as an operator has written it
 * @param account whose supplementary groups count too; null for a bare number
 */
public record User(String name, @Nullable String account, int uid, int gid) {
  private static final Pattern TEXT = Pattern.compile("([^:\\s]+)(?::([^:\\s]+))?");

  /**
   * {@code USER} or {@code USER:GROUP}, by names or numbers. A number needs the group too.
   *
   * @throws IllegalArgumentException if it reads otherwise, with one line for the operator
   * @throws LinuxException if there is no such user or group
   */
  public static User of(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("\"" + text + "\" is no user; write USER or USER:GROUP");
    }
    String name = parts.group(1);
    String group = parts.group(2);
    Account account = Account.named(name);
    if (account != null) {
      return new User(name, name, account.uid(), group == null ? account.gid() : gid(group));
    }
    int uid =
        Account.uid(name)
            .orElseThrow(() ->
                new LinuxException("getpwnam", name, Errno.ENOENT.number())
                    .withHint("there is no user of that name"));
    if (group == null) {
      throw new IllegalArgumentException(
          "user " + name + " is in no list of users; write " + name + ":GROUP");
    }
    return new User(name, null, uid, gid(group));
  }

  private static int gid(String group) {
    return Account.gid(group)
        .orElseThrow(() ->
            new LinuxException("getgrnam", group, Errno.ENOENT.number())
                .withHint("there is no group of that name"));
  }
}
