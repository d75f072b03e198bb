package etherws.control;

import etherws.capture.Capture;
import etherws.capture.CaptureFormat;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** What a request is answered with. */
sealed interface Answer {
  /** Known as a whole. */
  record Whole(HttpResponseStatus status, String contentType, Body body) implements Answer {}

  /**
   * Frames as they pass.
   *
   * @param limit ends after so many frames; 0 never
   */
  record Frames(Capture capture, CaptureFormat format, long limit) implements Answer {}

  /** The octets of an answer. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares bodies
  record Body(byte[] octets) {}

  static Answer json(HttpResponseStatus status, Object value) {
    return new Whole(status, "application/json", new Body(Json.write(value)));
  }

  static Answer json(Object value) {
    return json(HttpResponseStatus.OK, value);
  }

  static Answer text(HttpResponseStatus status, String text) {
    byte[] octets = AsciiString.of(text).toByteArray();
    return new Whole(status, "text/plain; charset=utf-8", new Body(octets));
  }

  /**
   * What went wrong and, if we know, what to do.
   *
   * @param hint null if there is none
   */
  static Answer problem(HttpResponseStatus status, String error, @Nullable String hint) {
    return json(status, new Problem(error, hint));
  }

  /** Says why in JSON. */
  record Problem(String error, @Nullable String hint) {}

  static Answer of(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Ok(String message) -> json(new Done(message));
      case Outcome.Added(PortId port) -> json(new Done("port " + port));
      case Outcome.NotFound(String what) -> problem(HttpResponseStatus.NOT_FOUND, what, null);
      case Outcome.Refused(String reason) -> problem(HttpResponseStatus.CONFLICT, reason, null);
    };
  }

  /** A command was carried out. */
  record Done(String message) {}
}
