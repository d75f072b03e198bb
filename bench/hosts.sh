# shellcheck shell=bash
# Sourced by bench/start, idle and pair: two hosts (namespaces $a and $b) joined by a cable, a folder
# $work with a certificate and a password, and all of it gone at the end.
# Needs root, iproute2, ping, openssl; nothing else should run on the machine.
here=$(cd "$(dirname "$0")/.." && pwd)
a=bench$$-a b=bench$$-b work=$(mktemp -d)

# Ends every etherws.
end() {
  local pid
  for pid in $(cat "$work"/*.pid 2>/dev/null); do
    kill "$pid" 2>/dev/null
    while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
  done
  rm -f "$work"/*.pid
}
trap 'end; ip netns del $a; ip netns del $b; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

ip netns add $a && ip netns add $b || exit 1
ip link add u0 netns $a type veth peer name u0 netns $b
for n in "$a" "$b"; do
  ip -n "$n" link set lo up
  ip -n "$n" link set u0 up
done
ip -n $a addr add 192.0.2.1/24 dev u0
ip -n $b addr add 192.0.2.2/24 dev u0
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=bench \
  -addext subjectAltName=IP:192.0.2.1 -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
echo "bench:$(openssl passwd -apr1 secret)" >"$work/htpasswd"
echo secret >"$work/password"

# choose VARIANT: a checkout, a launcher, or options for the JVM of this checkout
choose() {
  export ETHERWS_JAVA_OPTS=
  case $1 in
    -*) launcher=$here/etherws ETHERWS_JAVA_OPTS=$1 ;;
    *) if [ -d "$1" ]; then launcher=$1/etherws; else launcher=$1; fi ;;
  esac
}
# server NUMBER and client NUMBER start what was chosen, with device and addresses of that number.
run() { # NAMESPACE NUMBER SUBCOMMAND OPTIONS...
  ip netns exec "$1" "$launcher" "$3" --device "t$2" \
    --log-file "$work/$1.$2.log" --pid-file "$work/$1.$2.pid" "${@:4}"
}
server() {
  run $a "$1" server --address 192.0.2.1 --port "555$1" --htpasswd "$work/htpasswd" \
    --keyfile "$work/key.pem" --certfile "$work/cert.pem"
}
client() {
  run $b "$1" client --uri "wss://192.0.2.1:555$1/" --cacerts "$work/cert.pem" \
    --user bench --passwd-file "$work/password"
}
address() { # NAMESPACE NUMBER HOST
  ip -n "$1" addr add "198.51.10$2.$3/24" dev "t$2"
  ip -n "$1" link set "t$2" up
}
pid() { cat "$work/$1.$2.pid"; } # NAMESPACE NUMBER
until_answered() { until ip netns exec $b ping -n -c 1 -W 0.1 "198.51.10$1.1" >/dev/null 2>&1; do :; done; }

fail() { # VARIANT
  echo "$1: failed with status $?" >&2
  tail -n 5 "$work"/*.log >&2
  exit 1
}

# report FILE NAME...: of each column of a file the median, and all
report() {
  local file=$1 column=0 name values
  for name in "${@:2}"; do
    : $((column++))
    values=$(cut -d' ' -f$column "$file")
    printf '  %-20s %8s  (%s)\n' "$name" \
      "$(sort -g <<<"$values" | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}')" \
      "$(paste -sd' ' <<<"$values")"
  done
}
