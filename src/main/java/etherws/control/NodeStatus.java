package etherws.control;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The process.
 *
 * @param name of its configuration
 * @param started when
 * @param unready why it can't do its work (yet or any more), null if it can
 */
public record NodeStatus(
    String version, long pid, String name, Instant started, @Nullable String unready) {}
