package etherws.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/** Numbers as people read them. */
final class Human {
  private static final String PREFIXES = "KMGTPE";
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

  private Human() {}

  /** {@code 512 B}, {@code 1.5 KiB}, {@code 12.0 GiB}. */
  static String octets(long octets) {
    if (octets < 1024) {
      return octets + " B";
    }
    double value = octets;
    int prefix = -1;
    while (value >= 1024 && prefix < PREFIXES.length() - 1) {
      value /= 1024;
      prefix++;
    }
    return String.format(Locale.ROOT, "%.1f %ciB", value, PREFIXES.charAt(prefix));
  }

  /** {@code 7s}, {@code 3m12s}, {@code 2h05m}, {@code 4d03h}. */
  static String age(long seconds) {
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3600) {
      return "%dm%02ds".formatted(seconds / 60, seconds % 60);
    }
    if (seconds < 86_400) {
      return "%dh%02dm".formatted(seconds / 3600, seconds / 60 % 60);
    }
    return "%dd%02dh".formatted(seconds / 86_400, seconds / 3600 % 24);
  }

  /** How long {@code instant}, in ISO 8601, is ago; empty if that is no time. */
  static String since(String instant, Instant now) {
    try {
      return age(Math.max(0, Duration.between(Instant.parse(instant), now).toSeconds()));
    } catch (DateTimeParseException e) {
      return "";
    }
  }

  /** The time of day of {@code instant}, in ISO 8601; empty if that is no time. */
  static String timeOfDay(String instant, ZoneId zone) {
    try {
      return TIME.withZone(zone).format(Instant.parse(instant));
    } catch (DateTimeParseException e) {
      return "";
    }
  }
}
