: "${desc:=etherws, Ethernet over WebSocket, wss:// with a password, sub-protocol etherws.v2}"
needs="openssl"
wants="ETHERWS_HOME"
SCHEME=${OURS_SCHEME:-wss} CLIENT_OPTIONS=${OURS_CLIENT_OPTIONS:-}
up() {
  local server_tls= client_tls=
  if [ "$SCHEME" = wss ]; then
    make_cert
    server_tls="--keyfile $W/key.pem --certfile $W/cert.pem" client_tls="--cacerts $W/cert.pem"
  fi
  echo "bench:$(openssl passwd -apr1 secret)" >"$W/htpasswd"
  echo secret >"$W/password"
  # shellcheck disable=SC2086
  spawn a "$ETHERWS_HOME/etherws" --foreground --device t0 server --address "$UA" --port 5555 \
    --htpasswd "$W/htpasswd" $server_tls
  wait_port a 5555 && t0_up a || return 1
  client_starts
  # shellcheck disable=SC2086
  spawn b "$ETHERWS_HOME/etherws" --foreground --device t0 client --uri "$SCHEME://$UA:5555/" \
    --user bench --passwd-file "$W/password" $client_tls $CLIENT_OPTIONS
  t0_up b
}
