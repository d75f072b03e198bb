package etherws.metrics;

/** Why a hub turned somebody away who was no peer yet. */
public enum Refusal {
  /** A trusted proxy's connection began without a PROXY header, or with a broken one. */
  PROXY_HEADER,

  /** No whole request within the time of a handshake. */
  SILENCE,

  /** 400: no HTTP, or no opening handshake. */
  BAD_REQUEST,

  /** 401: no user, or a wrong user or password. */
  PASSWORD,

  /** 403: the page, the certificate or the user may not come in. */
  FORBIDDEN,

  /** 404: no network has this path. */
  NO_NETWORK,

  /** 405 or 426: HTTP, but no WebSocket. */
  NO_WEBSOCKET,

  /** 429: the source has guessed too many passwords. */
  GUESSING,

  /** 503: too many passwords wait to be checked, or the network is full. */
  BUSY;

  /** What an answer with that status is counted as. */
  public static Refusal ofStatus(int status) {
    return switch (status) {
      case 401 -> PASSWORD;
      case 403 -> FORBIDDEN;
      case 404 -> NO_NETWORK;
      case 405, 426 -> NO_WEBSOCKET;
      case 429 -> GUESSING;
      case 503 -> BUSY;
      default -> BAD_REQUEST;
    };
  }
}
