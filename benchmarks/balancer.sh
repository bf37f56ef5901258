#!/bin/bash
# Compares the balancer with nginx as a reverse proxy for small responses: requests per second and
# processor time per request of the proxy process, one worker each, runs alternating.
#
#   apt-get install nginx wrk; ./muster version
#   benchmarks/balancer.sh [rounds=5] [seconds=10]      MUSTER_JAVA_OPTS=... STRACE=1 CLOSE=1
#
# Both proxies keep connections to the same upstream, an nginx that answers 100 bytes of JSON. Ours
# is a whole agent, in which the upstream is registered; its processor time is that of the process.
set -eu
rounds=${1:-5} seconds=${2:-10}
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
extra=()
[ -z "${CLOSE:-}" ] || extra=(-H 'Connection: close') # a new connection for every request
started=()
trap 'kill "${started[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT

free_port() { python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])'; }
upstream=$(free_port) rival=$(free_port) ours=$(free_port) api=$(free_port)

nginx_conf() { # name, http block
  cat > "$work/$1.conf" <<CONF
daemon off; pid $work/$1.pid; error_log $work/$1.log; worker_processes 1;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 1000000000; $2 }
CONF
  nginx -c "$work/$1.conf" & started+=($!)
}
json='{"id":7,"name":"muster","note":"a response of one hundred bytes, to the octet, for measuring this"}'
nginx_conf upstream "server { listen 127.0.0.1:$upstream backlog=1024;
  location / { default_type application/json; return 200 '$json'; } }"
nginx_conf proxy "upstream app { server 127.0.0.1:$upstream; keepalive 128; keepalive_requests 1000000000; }
  server { listen 127.0.0.1:$rival backlog=1024; location / { proxy_pass http://app;
    proxy_http_version 1.1; proxy_set_header Connection ''; proxy_set_header Host \$host;
    proxy_set_header X-Forwarded-For \$proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto \$scheme; proxy_set_header X-Forwarded-Host \$host; } }"

MUSTER_NO_BUILD=1 "$root/muster" agent -dev -http-port="$api" -dns-port=-1 -balancer-port="$ours" -server-port=0 \
  -balancer-threads=1 > "$work/agent.log" & started+=($!)
ours_pid=$!
curl -fs --retry 100 --retry-delay 1 --retry-all-errors -X PUT "127.0.0.1:$api/v1/agent/service/register" \
  -d "{\"Name\": \"app\", \"Port\": $upstream, \"Tags\": [\"urlprefix-/\"]}"

for port in $upstream $rival $ours; do
  for _ in $(seq 100); do curl -fs -o /dev/null "127.0.0.1:$port/" && break; sleep 0.2; done
done
rival_pid=$(pgrep -P "$(cat "$work/proxy.pid")")

ticks() { awk '{print $14, $15}' "/proc/$1/stat"; }
run() { # name pid port
  local before after requests rate
  before=$(ticks "$2")
  wrk -c64 -t2 -d"${seconds}s" --latency "${extra[@]}" "http://127.0.0.1:$3/" > "$work/out"
  after=$(ticks "$2")
  requests=$(awk '/requests in/ {print $1}' "$work/out")
  rate=$(awk '/Requests\/sec/ {print $2}' "$work/out")
  echo "$1 $rate $(awk '$1 == "99%" {print $2}' "$work/out") $before $after $requests" \
    "$(getconf CLK_TCK) $(grep -cE 'Non-2xx|Socket errors' "$work/out")" |
    awk '{printf "%s %.0f req/s p99 %s user %.2f us system %.2f us errors %d\n",
      $1, $2, $3, ($6-$4)/$9/$8*1e6, ($7-$5)/$9/$8*1e6, $10}' | tee -a "$work/results"
}
wrk -c64 -t2 -d"${seconds}s" "http://127.0.0.1:$ours/" > /dev/null # warm-up
for _ in $(seq "$rounds"); do
  run nginx "$rival_pid" "$rival"
  run muster "$ours_pid" "$ours"
done
if [ -n "${STRACE:-}" ]; then # syscalls per request, one client
  for each in "nginx $rival_pid $rival" "muster $ours_pid $ours"; do
    set -- $each
    strace -f -c -o "$work/$1.strace" -p "$2" & tracer=$!
    sleep 1; wrk -c1 -t1 -d3s "http://127.0.0.1:$3/" | grep 'requests in'; kill -INT $tracer; wait $tracer || true
    echo "$1:"; head -9 "$work/$1.strace"
  done
fi
python3 - "$work/results" <<'PYTHON'
import statistics, sys
rows = [line.split() for line in open(sys.argv[1])]
middle = {}
for name in ("nginx", "muster"):
    mine = [r for r in rows if r[0] == name]
    rate, user, system = (statistics.median(float(r[i]) for r in mine) for i in (1, 6, 9))
    middle[name] = rate, user + system
    print(f"median {name}: {rate:.0f} req/s, {user + system:.2f} us per request ({user:.2f} user)")
print(f"muster : nginx = {middle['muster'][0] / middle['nginx'][0]:.2f} in requests, "
      f"{middle['muster'][1] / middle['nginx'][1]:.2f} in processor time")
PYTHON
