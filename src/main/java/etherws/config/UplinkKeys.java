package etherws.config;

import etherws.tls.Pin;
import etherws.tunnel.Header;
import etherws.tunnel.TunnelUri;
import java.nio.file.Path;
import java.util.List;

/** The keys of a tunnel that this node dials. */
final class UplinkKeys {
  static final Key<List<TunnelUri>> URI =
      Key.required(
          "uri",
          Addresses.URIS_OF_HUBS,
          "where to dial: ws://HOST[:PORT]/PATH or wss://; of several, the first that answers");
  static final Key<String> USER_NAME =
      Key.optional("user", Type.TEXT, "that of the URI", "user name");
  static final Key<Path> PASSWORD_FILE =
      Key.optional(
          "password-file", Paths.INPUT, "none", "its first line is the password of the user");
  static final Key<Path> CACERTS =
      Key.optional(
          "cacerts", Paths.INPUT, "the system's", "trust the CAs or certificates in this PEM file");
  static final Key<Path> OWN_CERTFILE =
      Key.optional(
          "certfile",
          Paths.INPUT,
          "none",
          "our certificate and its chain (PEM), for a hub that asks");
  static final Key<Path> OWN_KEYFILE =
      Key.optional("keyfile", Paths.INPUT, "none", "the private key of certfile, not encrypted");
  static final Key<Boolean> INSECURE =
      Key.of("insecure", Type.BOOLEAN, false, "do not verify the hub's certificate");
  static final Key<List<Pin>> PIN =
      Key.of(
          "pin",
          Type.list(Addresses.PIN),
          List.of(),
          "the hub has one of these keys, whoever certifies it; with insecure they alone count");
  static final Key<String> PROXY =
      Key.of(
          "proxy",
          Addresses.PROXY,
          Addresses.BY_ENVIRONMENT,
          "the forward proxy to dial through; by default as the environment of the process says");
  static final Key<Path> PROXY_PASSWORD_FILE =
      Key.optional(
          "proxy-password-file",
          Paths.INPUT,
          "none",
          "its first line is the password of the proxy's user");
  static final Key<List<Header>> HEADER =
      Key.of(
          "header",
          Type.list(Addresses.HEADER),
          List.of(),
          "headers to send with the request, beside those of the handshake");
  static final Key<Path> HEADER_FILE =
      Key.optional(
          "header-file", Paths.INPUT, "none", "more of them, one on each line: the secret ones");
  static final Key<String> HOST =
      Key.optional(
          "host",
          Addresses.HOST_OF_HUB,
          "that of the URI",
          "what to call the hub: as Host, in TLS, and to judge its certificate");
  static final Key<Boolean> RETRY =
      Key.of("retry", Type.BOOLEAN, true, "keep trying even if the first connection fails");
  static final Key<Boolean> PLAIN_WIRE =
      Key.of("plain-wire", Type.BOOLEAN, false, "one frame per message even if both know better");

  static final Key<?>[] ALL = {
    URI,
    USER_NAME,
    PASSWORD_FILE,
    CACERTS,
    OWN_CERTFILE,
    OWN_KEYFILE,
    INSECURE,
    PIN,
    PROXY,
    PROXY_PASSWORD_FILE,
    HEADER,
    HEADER_FILE,
    HOST,
    RETRY,
    PLAIN_WIRE,
  };

  private UplinkKeys() {}
}
