package etherws.control;

import etherws.capture.Capture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What may be done to a running node. Called on the control thread; none of it blocks, what takes
 * time goes on elsewhere. An exception is a bug.
 */
public interface Commands {
  /** Ends a client's session with 1008. It may dial in again. */
  CompletionStage<Outcome> kick(PortId client);

  /** Lets no frame in or out by a port until {@link #noshut}. */
  CompletionStage<Outcome> shut(PortId port);

  /** Opens a port again, whoever has shut it. */
  CompletionStage<Outcome> noshut(PortId port);

  /**
   * Forgets addresses.
   *
   * @param network null is all networks
   * @param number the port whose addresses; null is all of the network
   */
  CompletionStage<Outcome> flush(@Nullable String network, @Nullable Integer number);

  /** Reads the settings and all files they name again; what is wrong leaves all as it was. */
  CompletionStage<Outcome> reload();

  CompletionStage<Outcome> logLevel(LogLevel level);

  /**
   * Shows a port's frames to a source of {@code capture}, which is named like the port, until
   * {@link Capture#onClose}.
   *
   * @param port null is all ports, those that come later too
   */
  CompletionStage<Outcome> capture(@Nullable PortId port, Capture capture);
}
