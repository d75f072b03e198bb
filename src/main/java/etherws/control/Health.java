package etherws.control;

import static etherws.control.Route.get;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** What monitoring asks: {@code /metrics}, {@code /healthz} and {@code /readyz}. */
final class Health {
  private final Snapshots snapshots;
  private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();

  Health(Snapshots snapshots) {
    this.snapshots = snapshots;
  }

  List<Route> routes() {
    return List.of(
        get("/metrics", this::metrics),
        get("/healthz", Health::alive),
        get("/readyz", this::ready));
  }

  private Answer metrics() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      writer.write(out, Metrics.of(snapshots), EscapingScheme.UNDERSCORE_ESCAPING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Answer.Whole(
        HttpResponseStatus.OK, writer.getContentType(), new Answer.Body(out.toByteArray()));
  }

  private static Answer alive() {
    return Answer.text(HttpResponseStatus.OK, "alive\n");
  }

  private Answer ready() {
    String why = snapshots.node().unready();
    return why == null
        ? Answer.text(HttpResponseStatus.OK, "ready\n")
        : Answer.text(HttpResponseStatus.SERVICE_UNAVAILABLE, why + "\n");
  }
}
