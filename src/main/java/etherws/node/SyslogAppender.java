package etherws.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import etherws.linux.LibC;

/** To the local syslog, which on most systems is the journal, by libc's {@code syslog(3)}. */
final class SyslogAppender extends AppenderBase<ILoggingEvent> {
  @Override
  public void start() {
    LibC.openlog("etherws", LibC.LOG_PID, LibC.LOG_DAEMON);
    super.start();
  }

  @Override
  protected void append(ILoggingEvent event) {
    int severity = severity(event.getLevel());
    LibC.syslog(severity, event.getFormattedMessage());
    if (event.getThrowableProxy() != null) {
      ThrowableProxyUtil.asString(event.getThrowableProxy())
          .lines()
          .forEach(line -> LibC.syslog(severity, line));
    }
  }

  private static int severity(Level level) {
    if (level.isGreaterOrEqual(Level.ERROR)) {
      return LibC.LOG_ERR;
    }
    if (level.isGreaterOrEqual(Level.WARN)) {
      return LibC.LOG_WARNING;
    }
    return level.isGreaterOrEqual(Level.INFO) ? LibC.LOG_INFO : LibC.LOG_DEBUG;
  }
}
