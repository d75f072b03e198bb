package etherws.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * What is logged, and where.
 *
 * @param level the least that is
 * @param file null leaves it to standard error or syslog
 */
public record LogSettings(Level level, @Nullable Path file) {}
