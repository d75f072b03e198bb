package etherws.node;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Logback without its search for a configuration, which would open every jar: the launcher names
 * this class as {@code slf4j.provider}. Whoever starts without it gets the same by {@link
 * NoLogsYet}.
 */
public final class OwnLogback implements SLF4JServiceProvider {
  private static final String API = "2.0.99"; // any 2.0 will do

  private final LoggerContext context = new LoggerContext();
  private final LogbackMDCAdapter diagnostics = new LogbackMDCAdapter();
  private final IMarkerFactory markers = new BasicMarkerFactory();

  @Override
  public void initialize() {
    context.setName("etherws");
    context.setMDCAdapter(diagnostics);
    new NoLogsYet().configure(context);
    context.start();
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    return context;
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return diagnostics;
  }

  @Override
  public String getRequestedApiVersion() {
    return API;
  }
}
