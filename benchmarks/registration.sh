#!/bin/bash
# Registers 100,000 instances of 1,000 services over HTTP by 64 connections, with four readers of
# health/service/:name?passing meanwhile; then the heap that is used, and how long a restart takes
# until it serves all of them.
#
#   ./muster version; benchmarks/registration.sh [instances=100000] [services=1000] [connections=64]
set -eu
instances=${1:-100000} services=${2:-1000} connections=${3:-64}
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/build/jdk25.sh"
find_jdk25 || { echo "$jdk25_missing" >&2; exit 1; }
work=$(mktemp -d)
agent=
stop() { [ -z "$agent" ] || { kill "$agent" 2>/dev/null || true; wait "$agent" 2>/dev/null || true; }; agent=; }
trap 'stop; rm -rf "$work"' EXIT
port=$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])')

start() { # serves when the number of services is right
  local begun now
  begun=$(date +%s%N)
  MUSTER_NO_BUILD=1 "$root/muster" agent -data-dir "$work/data" -node=one -http-port="$port" \
    -dns-port=-1 -server-port=0 -balancer-port=-1 >> "$work/agent.log" & agent=$!
  until curl -sf "http://127.0.0.1:$port/v1/catalog/service/${1:-consul}" | grep -q ServiceName; do
    kill -0 "$agent" 2>/dev/null || { cat "$work/agent.log" >&2; exit 1; }
    sleep 0.02
  done
  now=$(date +%s%N)
  echo $(((now - begun) / 1000000))
}

start consul > "$work/first"
"$jdk/bin/java" "$root/benchmarks/load/Registration.java" "$port" "$instances" "$services" "$connections"
"$jdk/bin/jcmd" "$agent" GC.run > "$work/gc"
"$jdk/bin/jcmd" "$agent" GC.heap_info | sed -n 's/.*total reserved.*used \([0-9]*K\).*/heap used after a collection: \1/p'
echo "data folder: $(du -sh "$work/data" | cut -f1)"
stop
start "service-$((services - 1))" > "$work/second"
echo "start to serving: $(cat "$work/first") ms empty, $(cat "$work/second") ms with all of them"
