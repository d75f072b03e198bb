package etherws.config;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values that have a unit: times and rates. */
final class Quantities {
  private static final Pattern TIME = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Map<String, Duration> TIME_UNITS =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));

  private static final Pattern RATE = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)([kMG]?)");
  private static final Map<String, Long> RATE_UNITS =
      Map.of("", 1L, "k", 1_000L, "M", 1_000_000L, "G", 1_000_000_000L);
  private static final long MAX_RATE = 1_000_000_000_000L;

  private static final Instant FIRST = Instant.EPOCH;
  private static final Instant LAST = Instant.parse("9998-12-31T23:59:59Z");

  /** Bits per second. */
  static final Type<Long> BIT_RATE =
      new Type<>(
          "bits per second, such as \"100M\", \"1.5G\" or \"64k\", or 0 for no limit",
          (value, _) -> rate(value),
          Quantities::written);

  /** When something ends. */
  static final Type<Instant> INSTANT =
      new Type<>(
          "a time with its offset, such as 2027-01-01T00:00:00Z, or a date",
          (value, _) -> instant(value),
          Instant::toString);

  private Quantities() {}

  static Type<Duration> time(Duration least, Duration most) {
    return new Type<>(
        "seconds, or a time such as \"5s\" or \"2m\", from %s to %s"
            .formatted(words(least), words(most)),
        (value, _) -> {
          Duration time = time(value);
          if (time.compareTo(least) < 0 || time.compareTo(most) > 0) {
            throw new WrongValue(words(time) + " is out of range");
          }
          return time;
        },
        Quantities::written);
  }

  private static Duration time(Object value) throws WrongValue {
    if (value instanceof Long seconds) {
      return Duration.ofSeconds(seconds);
    }
    String text = Type.text(value);
    Matcher parts = TIME.matcher(text);
    Duration unit = parts.matches() ? TIME_UNITS.get(parts.group(2)) : null;
    if (unit == null) {
      throw new WrongValue(Type.quote(text) + " is no time");
    }
    return unit.multipliedBy(Long.parseLong(parts.group(1)));
  }

  private static String written(Duration time) {
    return time.toMillisPart() == 0
        ? String.valueOf(time.toSeconds())
        : Type.quote(time.toMillis() + "ms");
  }

  private static String words(Duration time) {
    return time.toMillisPart() == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }

  private static long rate(Object value) throws WrongValue {
    String text = value instanceof Long number ? number.toString() : Type.text(value);
    Matcher parts = RATE.matcher(text);
    Long unit = parts.matches() ? RATE_UNITS.get(parts.group(2)) : null;
    if (unit == null) {
      throw new WrongValue(text + " is no rate");
    }
    long rate = new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(unit)).longValue();
    if (rate > MAX_RATE) {
      throw new WrongValue(text + " is over 1000G");
    }
    return rate;
  }

  private static String written(long rate) {
    for (String unit : new String[] {"G", "M", "k"}) {
      long size = RATE_UNITS.getOrDefault(unit, 1L);
      if (rate > 0 && rate % size == 0) {
        return Type.quote(rate / size + unit);
      }
    }
    return String.valueOf(rate);
  }

  private static Instant instant(Object value) throws WrongValue {
    Instant instant;
    try {
      instant =
          switch (value) {
            case OffsetDateTime time -> time.toInstant();
            case LocalDate date -> date.atStartOfDay(ZoneId.systemDefault()).toInstant();
            case LocalDateTime _ -> throw new WrongValue("is a time without an offset");
            default -> throw new WrongValue("is " + Type.kind(value));
          };
    } catch (DateTimeException e) {
      throw new WrongValue("is no time that there is");
    }
    if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
      throw new WrongValue("is before 1970 or after 9998");
    }
    return instant;
  }
}
