desc="etherws, wss:// with a password, plain wire: as with a peer that doesn't know etherws.v2"
OURS_CLIENT_OPTIONS=--plain-wire
. "$BENCH_DIR/peers/ours-wss.sh"
unset OURS_CLIENT_OPTIONS
