desc="etherws, Ethernet over WebSocket, ws:// with a password, sub-protocol etherws.v2"
OURS_SCHEME=ws
. "$BENCH_DIR/peers/ours-wss.sh"
unset OURS_SCHEME
