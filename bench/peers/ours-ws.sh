desc="etherws, Ethernet over WebSocket, ws:// with a password, sub-protocol etherws.v2"
SCHEME=ws CLIENT_OPTIONS=
. "$BENCH_DIR/peers/ours-wss.sh"
unset SCHEME
