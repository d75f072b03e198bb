desc="etherws, wss:// with a password, plain wire: as with a peer that doesn't know etherws.v2"
SCHEME=wss CLIENT_OPTIONS=--plain-wire
. "$BENCH_DIR/peers/ours-wss.sh"
