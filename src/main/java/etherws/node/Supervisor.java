package etherws.node;

import etherws.linux.NotifySocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** systemd, or whoever else has started us and wants to hear how we are; or nobody. */
public final class Supervisor {
  private static final Logger log = LoggerFactory.getLogger(Supervisor.class);

  private final @Nullable NotifySocket socket;
  private final @Nullable Duration pulse;

  private Supervisor(@Nullable NotifySocket socket, @Nullable Duration pulse) {
    this.socket = socket;
    this.pulse = pulse;
  }

  /** As sd_notify(3) and sd_watchdog_enabled(3) read the environment. */
  public static Supervisor of(Map<String, String> environment) {
    String address = environment.get("NOTIFY_SOCKET");
    return address == null
        ? new Supervisor(null, null)
        : new Supervisor(new NotifySocket(address), pulse(environment));
  }

  private static @Nullable Duration pulse(Map<String, String> environment) {
    String own = Long.toString(ProcessHandle.current().pid());
    if (!environment.getOrDefault("WATCHDOG_PID", own).equals(own)) {
      return null;
    }
    try {
      long micros = Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0"));
      return micros <= 1 ? null : Duration.of(micros / 2, TimeUnit.MICROSECONDS.toChronoUnit());
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** How often it wants to hear {@link #alive}: twice as often as it would do without. */
  public @Nullable Duration pulse() {
    return pulse;
  }

  /** All is up. */
  public void ready(String status) {
    tell("READY=1\nSTATUS=" + status);
  }

  /** The settings are being read again; {@link #ready} comes after it. */
  public void reloading() {
    long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime()); // CLOCK_MONOTONIC on Linux
    tell("RELOADING=1\nMONOTONIC_USEC=" + micros + "\nSTATUS=reading the settings again");
  }

  public void alive() {
    tell("WATCHDOG=1");
  }

  public void stopping() {
    tell("STOPPING=1\nSTATUS=stopping");
  }

  private void tell(String lines) {
    int result = socket == null ? 0 : socket.send(lines);
    if (result < 0) {
      log.debug("the service manager does not listen (errno {})", -result);
    }
  }
}
