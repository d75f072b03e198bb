package etherws.node;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the log goes: standard error in the foreground, syslog or a file in the background. */
public final class Logs {
  private static final String TERMINAL = "terminal";

  private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
  private final ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);

  /** Warnings on standard error until one of the methods below says otherwise. */
  public Logs(org.slf4j.event.Level level) {
    context.reset();
    root.setLevel(Level.INFO);
    context.getLogger("io.netty").setLevel(Level.ERROR);
    context.getLogger("etherws").setLevel(Level.convertAnSLF4JLevel(level));
  }

  /** How much of what etherws itself says is logged from now on. */
  public void level(org.slf4j.event.Level level) {
    context.getLogger("etherws").setLevel(Level.convertAnSLF4JLevel(level));
  }

  /** Everything to standard error. */
  public void toTerminal() {
    addAsync(terminal(Level.TRACE));
  }

  /** Everything to {@code file}. */
  public void toFile(Path file) throws IOException {
    Appender<ILoggingEvent> appender = file(file);
    addAsync(appender);
    if (!appender.isStarted()) {
      throw new IOException("cannot write the log file " + file);
    }
  }

  /**
   * Everything to {@code file}, or to syslog if null; until {@link #leaveTerminal}, warnings to
   * standard error too.
   */
  public void toBackground(@Nullable Path file) throws IOException {
    if (file == null) {
      addAsync(new SyslogAppender());
    } else {
      toFile(file);
    }
    add(terminal(Level.WARN));
  }

  /** The terminal is nobody's business any more. */
  public void leaveTerminal() {
    root.detachAppender(TERMINAL);
  }

  /** Writes out what waits. */
  public void close() {
    context.stop();
  }

  private OutputStreamAppender<ILoggingEvent> terminal(Level threshold) {
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setName(TERMINAL);
    appender.setTarget("System.err");
    appender.setEncoder(encoder("%d{HH:mm:ss.SSS} %-5level %msg%n"));
    ThresholdFilter filter = new ThresholdFilter();
    filter.setLevel(threshold.toString());
    filter.start();
    appender.addFilter(filter);
    return appender;
  }

  private OutputStreamAppender<ILoggingEvent> file(Path file) {
    FileAppender<ILoggingEvent> appender = new FileAppender<>();
    appender.setFile(file.toAbsolutePath().toString());
    appender.setEncoder(encoder("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %msg%n"));
    return appender;
  }

  private PatternLayoutEncoder encoder(String pattern) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(pattern);
    encoder.start();
    return encoder;
  }

  private void add(Appender<ILoggingEvent> appender) {
    appender.setContext(context);
    appender.start();
    root.addAppender(appender);
  }

  /** Event loops log too, and must not wait for a full pipe: then lines are lost, not frames. */
  private void addAsync(Appender<ILoggingEvent> appender) {
    appender.setContext(context);
    appender.start();
    AsyncAppender queue = new AsyncAppender();
    queue.setContext(context);
    queue.setNeverBlock(true);
    queue.setDiscardingThreshold(0);
    queue.addAppender(appender);
    add(queue);
  }
}
