"""What a program with Debian's python3-consul does, step by step; the first wrong answer ends it."""
import sys
import threading

import consul

HOST, PORT = sys.argv[1].split(":")


def client():
    return consul.Consul(host=HOST, port=int(PORT))


def put(path, **params):
    """This client asks for what changes something by GET, which Consul refuses since its 1.0."""
    return c.http.put(consul.base.CB.bool(), path, params=params)


c = client()

# registration, discovery, health
assert c.agent.service.register(
    "py", service_id="py-1", address="127.0.0.1", port=5000, tags=["v1"],
    check=consul.Check.ttl("60s"))
_, nodes = c.health.service("py", passing=True)
assert nodes == [], nodes
assert put("/v1/agent/check/pass/service:py-1", note="fine")
index, nodes = c.health.service("py", passing=True)
assert [n["Service"]["Port"] for n in nodes] == [5000], nodes
assert "py" in c.catalog.services()[1]

# a change of health wakes who waits for it
seen = []
waiter = threading.Thread(
    target=lambda: seen.append(client().health.service("py", index=index, wait="30s", passing=True)))
waiter.start()
assert put("/v1/agent/check/fail/service:py-1", note="broken")
waiter.join(20)
assert seen and seen[0][1] == [], seen

# keys: compare and set, a watch
assert c.kv.put("py/a", "1") is True
index, entry = c.kv.get("py/a")
assert entry["Value"] == b"1", entry
assert c.kv.put("py/a", "2", cas=entry["ModifyIndex"] + 1) is False
seen = []
waiter = threading.Thread(target=lambda: seen.append(client().kv.get("py/a", index=index, wait="30s")))
waiter.start()
assert c.kv.put("py/a", "2", cas=entry["ModifyIndex"]) is True
waiter.join(20)
assert seen and seen[0][1]["Value"] == b"2", seen
assert c.kv.get("py/", keys=True)[1] == ["py/a"]
assert c.kv.get("py/none")[1] is None

# a lock is handed over when its holder's session ends
one = c.session.create(name="one", lock_delay=0)
two = c.session.create(name="two", lock_delay=0, ttl=10, behavior="delete")
assert c.kv.put("py/lock", "one", acquire=one) is True
assert c.kv.put("py/lock", "two", acquire=two) is False
assert c.session.renew(two)["ID"] == two
index, entry = c.kv.get("py/lock")
assert entry["Session"] == one
seen = []
waiter = threading.Thread(target=lambda: seen.append(client().kv.get("py/lock", index=index, wait="30s")))
waiter.start()
assert c.session.destroy(one) is True
waiter.join(20)
assert seen and "Session" not in seen[0][1], seen
assert c.kv.put("py/lock", "two", acquire=two) is True
assert c.session.destroy(two) is True
assert c.kv.get("py/lock")[1] is None, "behavior delete"
try:
    c.session.renew(two)
    raise AssertionError("renewed what is gone")
except consul.NotFound:
    pass

# events, what the agent says of itself
assert c.event.fire("deploy", "now")["Name"] == "deploy"
assert c.event.list("deploy")[1]
assert set(c.agent.self()) == {"Config", "Coord", "DebugConfig", "Member", "Meta", "Stats", "xDS"}
assert c.status.leader()

assert put("/v1/agent/service/deregister/py-1")
assert c.catalog.service("py")[1] == []
print("all as expected")
