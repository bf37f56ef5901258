// What a program with npm's `consul` does, step by step; the first wrong answer ends it.
const assert = require("node:assert");
const Consul = require("consul");

const [host, port] = process.argv[2].split(":");
const consul = new Consul({ host, port: Number(port) });

// The first answer of a watch, then the one after `act`.
async function watched(method, options, act, wanted) {
  const watch = consul.watch({ method, options });
  try {
    return await new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error("no change was seen")), 20000);
      let acted = false;
      watch.on("error", reject);
      watch.on("change", (data) => {
        if (wanted(data)) {
          clearTimeout(late);
          resolve(data);
        } else if (!acted) {
          acted = true;
          act().catch(reject);
        }
      });
    });
  } finally {
    watch.end();
  }
}

(async () => {
  await consul.agent.service.register({
    name: "node", id: "node-1", address: "127.0.0.1", port: 3000, tags: ["v1"], check: { ttl: "60s" },
  });
  assert.deepStrictEqual(await consul.health.service({ service: "node", passing: true }), []);

  const passing = await watched(
    consul.health.service, { service: "node", passing: true },
    () => consul.agent.check.pass("service:node-1"), (found) => found.length === 1);
  assert.strictEqual(passing[0].Service.Port, 3000);

  await consul.kv.set("node/a", "1");
  assert.strictEqual((await consul.kv.get("node/a")).Value, "1");
  assert.strictEqual(await consul.kv.get("node/none"), undefined);
  const changed = await watched(
    consul.kv.get, { key: "node/a" }, () => consul.kv.set("node/a", "2"),
    (entry) => entry && entry.Value === "2");
  assert.strictEqual(changed.Key, "node/a");

  const one = (await consul.session.create({ name: "one", lockdelay: "0s" })).ID;
  const two = (await consul.session.create({ name: "two", lockdelay: "0s" })).ID;
  assert.strictEqual(await consul.kv.set({ key: "node/lock", value: "one", acquire: one }), true);
  assert.ok(!(await consul.kv.set({ key: "node/lock", value: "two", acquire: two })));
  await consul.session.destroy(one);
  assert.strictEqual(await consul.kv.set({ key: "node/lock", value: "two", acquire: two }), true);

  const results = await consul.transaction.create([
    { KV: { Verb: "set", Key: "node/t", Value: Buffer.from("t").toString("base64") } },
    { KV: { Verb: "get", Key: "node/t" } },
  ]);
  assert.strictEqual(results.Results.length, 2);
  await consul.event.fire("node-event", "payload");
  assert.strictEqual((await consul.event.list("node-event")).length, 1);

  await consul.agent.service.deregister("node-1");
  assert.deepStrictEqual(await consul.catalog.service.nodes("node"), []);
  console.log("all as expected");
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
