package etherws.node;

import etherws.auth.Authenticator;
import etherws.auth.Htpasswd;
import etherws.bridge.Bridge;
import etherws.tap.TapDevice;
import etherws.tap.TapPort;
import etherws.tap.TapSettings;
import etherws.tls.ClientTls;
import etherws.tls.ServerTls;
import etherws.tls.TlsFileException;
import etherws.tunnel.Hub;
import etherws.tunnel.Spoke;
import etherws.tunnel.Transport;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running program: builds its parts in the order in which they may fail, reloads and stops
 * them.
 *
 * <p>start, reload and stop block; the main thread calls them, never an event loop.
 */
public final class Node {
  private static final Logger log = LoggerFactory.getLogger(Node.class);
  private static final int STOP_SECONDS = 1;

  private final NodeSettings settings;
  private final Transport transport;
  private final SecureRandom random = new SecureRandom();
  private final Bridge bridge;
  private final Deque<Runnable> undo = new ArrayDeque<>();
  private final List<Runnable> reloads = new ArrayList<>();
  private final CompletableFuture<String> broken = new CompletableFuture<>();

  public Node(NodeSettings settings) {
    this.settings = settings;
    this.transport = new Transport(loops(settings), settings.congestion());
    this.bridge = new Bridge(settings.bridge(), System::nanoTime);
  }

  /** A hub spreads its peers over the cores; a spoke's frames should cross no thread. */
  private static int loops(NodeSettings settings) {
    return settings.hub() == null ? 1 : Runtime.getRuntime().availableProcessors();
  }

  /**
   * Brings everything up: the TAPs first, then the listener, then the links. Returns when the
   * tunnel is up; on failure nothing stays behind.
   *
   * @throws Exception what went wrong, each kind with one line for the operator
   */
  public void start() throws Exception {
    undo.push(this::stopLoops);
    Niceness.raise(transport.loopList());
    Niceness.lowerCompilers();
    try {
      NodeSettings.Listener hub = settings.hub();
      Hub listener = hub == null ? null : hub(hub);
      List<TapPort> taps = new ArrayList<>();
      for (TapSettings tap : settings.taps()) {
        taps.add(openTap(tap));
      }
      if (listener != null) {
        listener.start();
        undo.push(listener::stop);
      }
      startSpokes(taps);
    } catch (Exception e) {
      stop();
      throw e;
    }
  }

  /** Everything that reads files comes before anything that others can see. */
  private Hub hub(NodeSettings.Listener listener) throws Exception {
    ServerTls tls =
        listener.tls() == null
            ? null
            : new ServerTls(listener.tls(), listener.passphrase(), InstantSource.system());
    if (tls != null) {
      log.debug("TLS by {}, sockets by {}", tls.provider(), Transport.name());
      reloads.add(() -> reload(tls));
    }
    Authenticator authenticator = null;
    if (listener.htpasswd() != null) {
      Htpasswd users = Htpasswd.load(listener.htpasswd());
      reloads.add(users::reload);
      authenticator = new Authenticator(users, random, System::nanoTime, Niceness.atEase("auth-"));
      undo.push(authenticator::close);
    }
    return new Hub(listener.settings(), transport, bridge, tls, authenticator, System::nanoTime);
  }

  private TapPort openTap(TapSettings tap) throws IOException {
    List<IoEventLoop> loops = transport.loopList();
    TapDevice device = TapDevice.open(tap, loops.size());
    TapPort port =
        new TapPort(
            device,
            bridge,
            loops,
            gone -> broken.complete(device.name() + " is gone (" + gone.getMessage() + ")"));
    undo.push(() -> {
      port.close().toCompletableFuture().orTimeout(STOP_SECONDS, TimeUnit.SECONDS).join();
      bridge.detach(port);
    });
    bridge.attach(port);
    log.info("{} is up", device.name());
    return port;
  }

  /**
   * Dials, and has the TAPs read once there is a way out. Until then the kernel keeps their frames:
   * whoever uses the device as soon as it is there loses no ARP request, and so no second.
   */
  private void startSpokes(List<TapPort> taps) throws Exception {
    List<CompletableFuture<Void>> up = new ArrayList<>();
    List<Spoke> spokes = new ArrayList<>();
    undo.push(() -> stopAll(spokes));
    for (NodeSettings.Dialler dialler : settings.spokes()) {
      ClientTls tls =
          dialler.tls() == null ? null : new ClientTls(dialler.tls(), InstantSource.system());
      if (tls != null) {
        log.debug("TLS by {}, sockets by {}", tls.provider(), Transport.name());
      }
      EventLoop loop = transport.loops().next();
      Spoke spoke =
          new Spoke(dialler.settings(), transport, loop, bridge, tls, System::nanoTime, random);
      spokes.add(spoke);
      up.add(spoke.start());
    }
    try {
      if (!up.isEmpty()) {
        CompletableFuture.anyOf(up.toArray(CompletableFuture<?>[]::new)).get();
      }
      taps.forEach(tap -> tap.start().toCompletableFuture().join());
      CompletableFuture.allOf(up.toArray(CompletableFuture<?>[]::new)).get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private static void stopAll(List<Spoke> spokes) {
    CompletableFuture.allOf(spokes.stream().map(Spoke::stop).toArray(CompletableFuture<?>[]::new))
        .join();
  }

  /** Calls {@code listener} once with the reason, on some thread, when the node can't go on. */
  public void onBroken(Consumer<String> listener) {
    broken.thenAccept(listener);
  }

  /** Reads certificates and htpasswd again; what is broken is logged and the old one stays. */
  public void reload() {
    reloads.forEach(Runnable::run);
  }

  private static void reload(ServerTls tls) {
    try {
      tls.reload();
      log.info("certificate and key read again");
    } catch (TlsFileException e) {
      log.error("certificate not replaced, the old one stays: {}", e.getMessage());
    }
  }

  /** Closes links with 1001, then the devices, then the loops; within 5 s. */
  public void stop() {
    while (!undo.isEmpty()) {
      try {
        undo.pop().run();
      } catch (RuntimeException e) {
        log.error("stopping went on after a failure", e);
      }
    }
  }

  private void stopLoops() {
    transport.loops().shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
