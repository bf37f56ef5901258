#!/bin/bash
# Kills, drains, adds and re-weighs instances while 16 clients ask for them through the balancer.
# Ends with 1 if any request failed: reads are repeated by the balancer, a write that was on its way
# to a killed instance may be answered 502 once and is repeated by the client.
#
#   ./muster version; benchmarks/churn.sh [seconds=60] [seed=1]
set -eu
seconds=${1:-60} seed=${2:-1}
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/build/jdk25.sh"
find_jdk25 || { echo "$jdk25_missing" >&2; exit 1; }
work=$(mktemp -d)
agent=
trap '[ -z "$agent" ] || kill "$agent" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
free_port() { python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])'; }
api=$(free_port) balancer=$(free_port)

MUSTER_NO_BUILD=1 "$root/muster" agent -dev -http-port="$api" -dns-port=-1 -server-port=0 \
  -balancer-port="$balancer" > "$work/agent.log" & agent=$!
until curl -sf "http://127.0.0.1:$api/v1/status/leader" > /dev/null; do
  kill -0 "$agent" 2>/dev/null || { cat "$work/agent.log" >&2; exit 1; }
  sleep 0.1
done
cd "$root"
"$jdk/bin/java" benchmarks/load/Churn.java "$api" "$balancer" "$seconds" "$seed"
