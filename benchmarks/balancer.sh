#!/bin/bash
# Compares the balancer with nginx and HAProxy as reverse proxies, side by side in one run: requests
# per second, latency and processor time per request of the proxy process.
#
#   apt-get install nginx haproxy wrk; ./muster version
#   benchmarks/balancer.sh [rounds=5] [seconds=10]
#
#   CASES="json 64k post close10"  what is asked for; also close1, a new connection for every request
#   CONNECTIONS="64 256"
#   OURS=registry   the upstream is registered at the agent with a tag; OURS=file: the agent reads the
#                   nginx.conf that nginx reads (-balancer-config)
#   PROXIES="muster nginx haproxy"    MUSTER_JAVA_OPTS=...    STRACE=1 counts system calls, too
#
# One worker thread each, in front of the same nginx; connections to it are kept, and the same
# forwarding headers are sent, which is checked, as is every response before the measurement. The
# proxies take turns, another one first in each round. Ours is a whole agent: its processor time is
# that of the process, JIT and garbage collection included.
set -euo pipefail
rounds=${1:-5} seconds=${2:-10}
read -ra cases <<< "${CASES:-json 64k post close10}"
read -ra connections <<< "${CONNECTIONS:-64 256}"
read -ra proxies <<< "${PROXIES:-muster nginx haproxy}"
here=$(cd "$(dirname "$0")" && pwd) root=$(dirname "$here")
work=$(mktemp -d)
chmod 755 "$work" # nginx's worker may be another user
started=()
trap 'kill "${started[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
die() { echo "balancer.sh: $*" >&2; exit 1; }
for each in nginx haproxy wrk curl python3; do type -P "$each" > /dev/null || die "$each is missing"; done

mapfile -t ports < <(python3 -c 'import socket
s = [socket.socket() for _ in range(5)]
for each in s: each.bind(("127.0.0.1", 0)); print(each.getsockname()[1])')
upstream=${ports[0]} api=${ports[1]}
declare -A port=([muster]=${ports[2]} [nginx]=${ports[3]} [haproxy]=${ports[4]}) pid

# ------------------------------------------------------------------------------------ what is asked
json='{"id":7,"name":"muster","note":"a response of one hundred bytes, to the octet, for measuring this"}'
mkdir "$work/www"
head -c 65536 /dev/urandom > "$work/www/64k"
printf %s "$json" > "$work/www/answer.json"
head -c 16384 /dev/zero | tr '\0' x > "$work/body"
path() { case $1 in 64k) echo /64k ;; post) echo /post ;; *) echo / ;; esac; }
cat > "$work/load.lua" <<'LUA'
-- The arguments are the case, the file of the body, the file for the results.
local close, asked, every
function init(args)
  if args[1] == "post" then
    wrk.method, wrk.body = "POST", io.open(args[2]):read("*a")
    wrk.headers["Content-Type"] = "application/octet-stream"
  elseif args[1] == "close1" then
    wrk.headers["Connection"] = "close"
  end
  every = wrk.format()
  if args[1] == "close10" then -- the client leaves with one request in ten
    close = wrk.format(nil, nil, {["Host"] = wrk.headers["Host"], ["Connection"] = "close"})
  end
  asked = 0
end
function request()
  asked = asked + 1
  return close and asked % 10 == 0 and close or every
end
function done(summary, latency)
  local e = summary.errors
  print(string.format("RESULT %d %d %d %d %.0f %.0f", summary.requests, summary.duration,
    summary.bytes, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50), latency:percentile(99)))
end
LUA

# ------------------------------------------------------------------------------------- who is asked
nginx_conf() { # name, http block
  cat > "$work/$1.conf" <<CONF
daemon off; pid $work/$1.pid; error_log $work/$1.log; worker_processes 1;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 1000000000; $2 }
CONF
}
proxy_block() { # port; buffers that the bodies fit into, else nginx writes them to files
  cat <<CONF
  upstream app { server 127.0.0.1:$upstream; keepalive 256; keepalive_requests 1000000000; }
  server { listen 127.0.0.1:$1 backlog=1024; location / { proxy_pass http://app;
    proxy_http_version 1.1; proxy_set_header Connection ''; proxy_set_header Host \$host:\$server_port;
    proxy_set_header X-Forwarded-For \$proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto \$scheme; proxy_set_header X-Forwarded-Host \$http_host;
    client_body_buffer_size 32k; proxy_buffer_size 16k; proxy_buffers 8 16k; } }
CONF
}
start_nginx() { # name; sets the pid of its worker
  nginx -c "$work/$1.conf" & started+=($!)
  for _ in $(seq 50); do [ -s "$work/$1.pid" ] && worker=$(pgrep -P "$(cat "$work/$1.pid")") && break; sleep 0.1; done
}
start_haproxy() {
  cat > "$work/haproxy.cfg" <<CONF
global
  nbthread 1
  maxconn 8192
defaults
  mode http
  timeout connect 5s
  timeout client 75s
  timeout server 60s
  timeout http-keep-alive 75s
listen app
  bind 127.0.0.1:${port[haproxy]} backlog 1024
  http-reuse always
  option forwardfor
  http-request set-header X-Forwarded-Proto http
  http-request set-header X-Forwarded-Host %[req.hdr(host)]
  server app 127.0.0.1:$upstream
CONF
  haproxy -db -f "$work/haproxy.cfg" > "$work/haproxy.log" 2>&1 & started+=($!)
  pid[haproxy]=$!
}
start_muster() {
  local how=(-balancer-port="${port[muster]}")
  if [ "${OURS:-registry}" = file ]; then
    nginx_conf ours "$(proxy_block "${port[muster]}")"
    how=(-balancer-config="$work/ours.conf")
  fi
  MUSTER_NO_BUILD=1 "$root/muster" agent -dev -http-port="$api" -dns-port=-1 -server-port=0 \
    -balancer-threads=1 "${how[@]}" > "$work/agent.log" & started+=($!)
  pid[muster]=$!
  [ "${OURS:-registry}" = registry ] || return 0
  curl -fs --retry 100 --retry-delay 1 --retry-all-errors -X PUT \
    "127.0.0.1:$api/v1/agent/service/register" \
    -d "{\"Name\": \"app\", \"Port\": $upstream, \"Tags\": [\"urlprefix-/\"]}" \
    || die "the agent did not start: $(tail -3 "$work/agent.log")"
}
nginx_conf upstream "server { listen 127.0.0.1:$upstream backlog=1024; root $work/www;
  client_body_buffer_size 32k; open_file_cache max=10;
  location = / { default_type application/json; return 200 '$json'; }
  # nginx would answer before it has read the body; to mirror it, it has to
  location = /post { mirror /read; alias $work/www/answer.json; error_page 405 =200 /answer.json; }
  location = /read { internal; return 204; }
  location = /headers { return 200 '\$http_host|\$http_x_forwarded_for|\$http_x_forwarded_proto|\$http_x_forwarded_host|\$http_connection|\$server_protocol'; } }"
nginx_conf nginx "$(proxy_block "${port[nginx]}")"
start_nginx upstream
start_nginx nginx; pid[nginx]=$worker
start_haproxy
start_muster

# --------------------------------------------------------------------------- do they all do the same
ask() { # case, port; prints the status, the response is in $work/got
  local body=()
  [ "$1" != post ] || body=(--data-binary "@$work/body")
  curl -s -o "$work/got" -w '%{http_code}' "${body[@]}" "127.0.0.1:$2$(path "$1")" || true
}
for name in "${proxies[@]}"; do
  for _ in $(seq 100); do [ "$(ask json "${port[$name]}")" = 200 ] && break; sleep 0.2; done
  for case in "${cases[@]}"; do
    ask "$case" "$upstream" > /dev/null; mv "$work/got" "$work/wanted"
    status=$(ask "$case" "${port[$name]}")
    [[ $status = 2?? ]] && cmp -s "$work/wanted" "$work/got" || die "$name answers $case with $status"
  done
  headers=$(curl -fs "127.0.0.1:${port[$name]}/headers" | sed "s/${port[$name]}/PORT/g")
  [ "${same:=$headers}" = "$headers" ] || die "$name sends other headers: $headers instead of $same"
done

# ---------------------------------------------------------------------------------------- the figures
ticks() { awk '{print $14, $15}' "/proc/$1/stat"; }
run() { # case, connections, proxy; prints one line for balancer-report.py
  local before after
  before=$(ticks "${pid[$3]}")
  wrk -c"$2" -t2 -d"${seconds}s" --timeout 10s --latency -s "$work/load.lua" \
    "http://127.0.0.1:${port[$3]}$(path "$1")" -- "$1" "$work/body" > "$work/out"
  after=$(ticks "${pid[$3]}")
  echo "$1 $2 $3 $before $after $(sed -n 's/^RESULT //p' "$work/out")"
}
if [[ " ${proxies[*]} " = *" muster "* ]]; then # the JIT's turn, all of it in the first round otherwise
  for case in "${cases[@]}"; do
    for count in "${connections[@]}"; do run "$case" "$count" muster > /dev/null; done
  done
fi
java=$("$(readlink "/proc/${pid[muster]}/exe")" -version 2>&1 | sed -n 's/.*Runtime Environment //p')
machine="$(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -1), $(nproc) processors shared with wrk and the \
upstream, Linux $(uname -r); $(nginx -v 2>&1 | sed 's/.*: //'), $(haproxy -v | sed -n '1s/ version\| 20.*//gp'), \
$(wrk -v 2>&1 | sed -n '1s/ \[.*//p'), Java $java; muster $(git -C "$root" rev-parse --short HEAD 2>/dev/null || true), \
configured by ${OURS:-registry}; $rounds rounds of $seconds s, load average before them $(cut -d' ' -f1 /proc/loadavg)"
for ((round = 0; round < rounds; round++)); do
  for case in "${cases[@]}"; do
    for count in "${connections[@]}"; do
      for i in "${!proxies[@]}"; do
        run "$case" "$count" "${proxies[(i + round) % ${#proxies[@]}]}" >> "$work/results"
        tail -1 "$work/results" >&2
      done
    done
  done
done
python3 "$here/balancer-report.py" "$work/results" "$(getconf CLK_TCK)" "$machine"

if [ -n "${STRACE:-}" ]; then # system calls per request, one client
  for name in "${proxies[@]}"; do
    strace -f -c -o "$work/strace" -p "${pid[$name]}" 2> /dev/null & tracer=$!
    sleep 1
    wrk -c1 -t1 -d3s "http://127.0.0.1:${port[$name]}/" | sed -n "s/ requests in.*/ requests, $name:/p"
    kill -INT $tracer; wait $tracer || true
    head -9 "$work/strace"
  done
fi
