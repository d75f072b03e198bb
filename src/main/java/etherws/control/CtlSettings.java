package etherws.control;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The control port of etherws 1.x, JSON-RPC over HTTP.
 *
 * @param path of the one resource there
 * @param network the one that is controlled
 * @param htpasswd null asks nobody for a password
 * @param key with {@code certificate} for https; null is http
 */
public record CtlSettings(
    InetSocketAddress address,
    String path,
    String network,
    @Nullable Path htpasswd,
    @Nullable Path key,
    @Nullable Path certificate) {}
