package etherws.auth;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An Apache htpasswd file, read again when it changes. */
public final class Htpasswd {
  /*
   * Any thread that may block may call; they take turns. The file's attributes are looked at before
   * it is read, so a change during the reading is a change at the next look. What was read and found
   * bad is not read again until it changes; what could not be read (no such file, no more
   * descriptors) is tried again at each look, but complained about once.
   *
   * Who is let in is decided by the latest reading. Who is in already stays for as long as either the
   * latest vouches for him, or the latest at rest, which is what two looks of a second apart have
   * found: Apache's htpasswd writes in place, so for a moment its file is empty.
   */
  private static final Logger log = LoggerFactory.getLogger(Htpasswd.class);
  private static final int MAX_LENGTH = 16 << 20;

  private final Path file;
  private volatile Users users;
  private volatile Users atRest;
  private @Nullable Stamp stamp;
  private @Nullable Stamp looked;
  private String complaint = "";
  private int readings = 1;

  private Htpasswd(Path file) throws HtpasswdException {
    this.file = file;
    this.stamp = Stamp.of(file);
    this.users = parse(octets());
    this.atRest = users;
  }

  /** Reads the file, which must be there and good. */
  public static Htpasswd load(Path file) throws HtpasswdException {
    return new Htpasswd(file);
  }

  /**
   * Reads the file even if it looks unchanged, as after SIGHUP. False when it can't be used: that
   * is logged, and the users of the last good reading stay.
   */
  public synchronized boolean reload() {
    stamp = null;
    complaint = "";
    boolean good = refresh();
    rest();
    return good;
  }

  /** Whether the file has this user with the same password, or had until a moment ago. */
  public boolean vouchesFor(Identity identity) {
    return vouches(users, identity) || vouches(atRest, identity);
  }

  private static boolean vouches(Users users, Identity identity) {
    PasswordHash hash = users.hash(identity.name());
    return hash != null && Identity.ofPassword(identity.name(), hash).equals(identity);
  }

  /**
   * Looks whether the file has changed, and reads it then. To be called about once a second. The
   * answer is another when {@link #vouchesFor} may be. Touches the disk.
   */
  public synchronized int readings() {
    refresh();
    if (stamp != null && stamp.equals(looked)) {
      rest();
    }
    looked = stamp;
    return readings;
  }

  private void rest() {
    if (atRest != users) {
      atRest = users;
      readings++;
    }
  }

  /** The users in the file now, or those of its last good reading. Touches the disk. */
  synchronized Users users() {
    refresh();
    return users;
  }

  private boolean refresh() {
    try {
      Stamp current = Stamp.of(file);
      if (!current.equals(stamp)) {
        byte[] octets = octets();
        stamp = current;
        complaint = "";
        users = parse(octets);
        log.info("{}: read again, {} users", file, users.count());
      }
      complaint = "";
      return true;
    } catch (HtpasswdException e) {
      users = atRest; // the reading before may have been of half a file
      String message = requireNonNull(e.getMessage());
      if (!message.equals(complaint)) {
        complaint = message;
        log.error("{}; until then the {} users read before stay", complaint, users.count());
      }
      return false;
    }
  }

  private byte[] octets() throws HtpasswdException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] octets = in.readNBytes(MAX_LENGTH + 1);
      if (octets.length > MAX_LENGTH) {
        throw new HtpasswdException(file, 0, "is over 16 MiB", "give an htpasswd file");
      }
      return octets;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private Users parse(byte[] octets) throws HtpasswdException {
    Users parsed = Users.parse(file, octets);
    if (parsed.weak() > 0) {
      log.warn(
          "{}: {} of {} users have a weak password hash ({SHA} or DES crypt); set their passwords"
              + " again with: htpasswd -B FILE USER",
          file,
          parsed.weak(),
          parsed.count());
    }
    return parsed;
  }

  private static HtpasswdException unreadable(Path file, IOException e) {
    return switch (e) {
      case NoSuchFileException _ ->
          new HtpasswdException(file, 0, "no such file", "make it with: htpasswd -cB FILE USER");
      case AccessDeniedException _ ->
          new HtpasswdException(file, 0, "permission denied", "let the service's user read it");
      default -> new HtpasswdException(file, 0, "cannot be read: " + e, "check the file");
    };
  }

  /** What changes when somebody changes the file. */
  private record Stamp(FileTime modified, long length, @Nullable Object key) {
    static Stamp of(Path file) throws HtpasswdException {
      try {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        if (!now.isRegularFile()) {
          throw new HtpasswdException(file, 0, "is not a regular file", "give an htpasswd file");
        }
        return new Stamp(now.lastModifiedTime(), now.size(), now.fileKey());
      } catch (IOException e) {
        throw unreadable(file, e);
      }
    }
  }
}
