#!/bin/bash
# Parks watchers of many services at once, each a blocking query on a connection of its own, and
# shows that a change wakes the watchers of its service and no others, how soon, and what a parked
# watcher costs the server in memory.
#
#   benchmarks/blocking-queries.sh [watchers=10000] [services=1000] [changes=200]
#
# Needs a few hundred open files more than watchers, here and in the server: see `ulimit -n`.
set -eu
watchers=${1:-10000} services=${2:-1000} changes=${3:-200}
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
agent=
trap '[ -z "$agent" ] || kill "$agent" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT

need=$((watchers + 500))
[ "$(ulimit -n)" = unlimited ] || [ "$(ulimit -n)" -ge "$need" ] || ulimit -n "$need" 2>/dev/null || {
  echo "$0: $watchers watchers need $need open files a process, and only $(ulimit -Hn) are allowed" \
    "here. Raise it (ulimit -Hn, as root; or nofile in /etc/security/limits.conf), or park fewer:" \
    "$0 $(($(ulimit -Hn) - 500))" >&2
  exit 1
}

"$root/muster" version > /dev/null # builds it
# The server takes more connections of one address than the 200 that it takes by default.
echo "{\"limits\": {\"http_max_conns_per_client\": $need}}" > "$work/limits.json"
MUSTER_NO_BUILD=1 "$root/muster" agent -dev -http-port=0 -server-port=0 -balancer-port=-1 \
  -config-file "$work/limits.json" > "$work/agent.log" &
agent=$!
for _ in $(seq 600); do
  ! grep -q 'is ready' "$work/agent.log" || break
  kill -0 "$agent" 2>/dev/null || { cat "$work/agent.log" >&2; exit 1; }
  sleep 0.1
done
port=$(sed -n 's/.*HTTP API on [^ ]*:\([0-9]*\).*/\1/p' "$work/agent.log")

python3 - "$agent" "$port" "$watchers" "$services" "$changes" <<'PYTHON'
import http.client, json, os, random, re, select, socket, statistics, subprocess, sys, time
pid, port, watchers, services, changes = map(int, sys.argv[1:])
java = os.path.dirname(os.readlink(f"/proc/{pid}/exe"))
api = http.client.HTTPConnection("127.0.0.1", port)
ports = [1] * services

def call(method, path, body=None):
    api.request(method, path, body)
    answer = api.getresponse()
    text = answer.read()
    assert answer.status == 200, (method, path, answer.status, text)
    return answer

def register(service):
    call("PUT", "/v1/agent/service/register",
         json.dumps({"Name": f"service-{service}", "Port": ports[service]}))

def change(service):
    ports[service] += 1
    register(service)

def memory(): # live heap, resident set, in KiB
    subprocess.run([f"{java}/jcmd", str(pid), "GC.run"], check=True, stdout=subprocess.DEVNULL)
    heap = subprocess.run([f"{java}/jcmd", str(pid), "GC.heap_info"], check=True,
                          stdout=subprocess.PIPE, text=True).stdout
    resident = re.search(r"VmRSS:\s+(\d+)", open(f"/proc/{pid}/status").read())
    return int(re.search(r"used (\d+)K", heap).group(1)), int(resident.group(1))

class Watcher:
    def __init__(self, service):
        self.service, self.index, self.said = service, 0, b""
        self.socket = socket.create_connection(("127.0.0.1", port))
        poll.register(self.socket, select.EPOLLIN)
        by_descriptor[self.socket.fileno()] = self
    def park(self, index):
        self.index = index
        self.socket.sendall(f"GET /v1/health/service/service-{self.service}?wait=10m&index={index}"
                            " HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    def read(self): # the index of an answer, once it is whole
        self.said += self.socket.recv(65536)
        assert self.said, "the server has closed a watcher's connection"
        head, blank, body = self.said.partition(b"\r\n\r\n")
        if not blank or len(body) < int(re.search(rb"(?i)content-length: (\d+)", head).group(1)):
            return None
        assert head.startswith(b"HTTP/1.1 200 "), self.said
        assert json.loads(body)[0]["Service"]["Port"] == ports[self.service], "an old answer"
        self.said = b""
        return int(re.search(rb"(?i)x-consul-index: (\d+)", head).group(1))

def answers(count, seconds): # reads until so many are there, or the time is over
    woken, end = [], time.monotonic() + seconds
    while len(woken) < count and time.monotonic() < end:
        for descriptor, _ in poll.poll(max(0, end - time.monotonic())):
            watcher = by_descriptor[descriptor]
            index = watcher.read()
            if index is not None:
                woken.append((watcher, index))
    return woken

def settle(): # until the server does nothing any more
    before = -1
    while before != (now := sum(map(int, open(f"/proc/{pid}/stat").read().split()[13:15]))):
        before = now
        time.sleep(0.3)

for service in range(services):
    register(service)
indices = [int(call("GET", f"/v1/health/service/service-{s}").headers["X-Consul-Index"])
           for s in range(services)]
for warm in range(3): # the first requests of all kinds cost what later ones do not
    change(0)
settle()
heap_before, resident_before = memory()

poll, by_descriptor = select.epoll(), {}
begin = time.monotonic()
indices[0] = int(call("GET", "/v1/health/service/service-0").headers["X-Consul-Index"])
all_watchers = [Watcher(i % services) for i in range(watchers)]
for watcher in all_watchers:
    watcher.park(indices[watcher.service])
call("GET", "/v1/status/leader")
settle()
print(f"{watchers} watchers of {services} services parked after {time.monotonic() - begin:.1f} s")
assert not answers(1, 0.5), "a watcher was answered without a change"
heap, resident = memory()
print(f"memory per parked watcher: {(heap - heap_before) / watchers:.1f} KiB of live heap, "
      f"{(resident - resident_before) / watchers:.1f} KiB resident")

random.seed(1)
times, expected, total, others = [], 0, 0, 0
for _ in range(changes):
    service = random.randrange(services)
    watching = len(range(service, watchers, services))
    expected += watching
    begin = time.monotonic()
    change(service)
    woken = answers(watching, 30)
    times.append(1e3 * (time.monotonic() - begin))
    total += len(woken)
    others += sum(watcher.service != service for watcher, _ in woken)
    for watcher, index in woken:
        watcher.park(index)
late = len(answers(1, 1))
times.sort()
print(f"{changes} changes of one service each: {total} wake-ups, {expected} watchers of what changed, "
      f"{others + late} wake-ups of others")
print(f"from the write to the last of its watchers: median {statistics.median(times):.1f} ms, "
      f"99 % {times[int(0.99 * (len(times) - 1))]:.1f} ms")

begin = time.monotonic()
for service in range(services):
    change(service)
woken = answers(watchers, 60)
print(f"all {services} services changed, one after the other: {len(woken)} wake-ups after "
      f"{time.monotonic() - begin:.1f} s")
for watcher, index in woken:
    watcher.park(index)
settle()
late += len(answers(1, 0.5))

for watcher in all_watchers:
    watcher.socket.close()
settle()
heap_after, _ = memory()
print(f"all watchers gone: {(heap_after - heap_before) / watchers:.1f} KiB of live heap left for each")
if total != expected or others + late or len(woken) != watchers:
    sys.exit("wake-ups are not those of the watchers of what changed")
PYTHON
