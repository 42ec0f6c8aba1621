/* What was read and answered without a network, until the academy has it.

   Each thing gets its number (a UUID) where it happens. It is taken away here only when
   the academy says of this number that it has it, so what is torn or repeated on the
   way is neither lost nor counted twice. What the academy does not take stays, with its
   reason. A thing belongs to who kept the module: nobody else's session sends it. */
(() => {
  const DATABASE = "learning";
  const AT_ONCE = 50;
  const WHILE = "while-signed-in "; /* see ui.js: forgotten on signing out */

  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

  const open = (() => {
    let opened = null;
    return () => (opened ??= (() => {
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("told", { keyPath: "id" });
        request.result.createObjectStore("kept", { keyPath: "name" });
      };
      return done(request);
    })());
  })();
  const store = async (name, mode = "readonly") => (await open()).transaction(name, mode).objectStore(name);
  const all = async (name) => done((await store(name)).getAll());
  /* Resolved when it is on the disk, and not before. */
  const write = async (name, act) => {
    const kept = await store(name, "readwrite");
    const written = new Promise((resolve, reject) => {
      kept.transaction.oncomplete = () => resolve();
      kept.transaction.onabort = kept.transaction.onerror = () => reject(kept.transaction.error);
    });
    act(kept);
    return written;
  };

  let last = 0;
  const now = () => (last = Math.max(Date.now(), last + 1)); /* two are never at once */

  const newId = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };

  const outbox = {
    /* `named`: how a person would call it, shown if it is refused. */
    async put(event, { version, course, owner, named }) {
      const row = { id: newId(), at: now(), state: "waits", version, course, owner, named, event };
      await write("told", (kept) => kept.add(row));
      return row;
    },
    async rows() { return (await all("told")).sort((one, other) => one.at - other.at); },
    async waiting() { return (await outbox.rows()).filter((row) => row.state === "waits"); },
    remove: (id) => write("told", (kept) => kept.delete(id)),

    /* "sent", "sign-in", "no-network", or "nothing" there was to send. */
    async send({ told, pass }) {
      const waiting = await outbox.waiting();
      if (!waiting.length) return "nothing";
      const let_in = await enter(pass);
      if (typeof let_in === "string") return let_in;
      const mine = waiting.filter((row) => row.owner === let_in.owner);
      for (const version of new Set(mine.map((row) => row.version))) {
        const rows = mine.filter((row) => row.version === version);
        for (let from = 0; from < rows.length; from += AT_ONCE) {
          const some = rows.slice(from, from + AT_ONCE);
          const answer = await post(told, let_in.token, { version, events: some.map(({ id, event }) => ({ id, ...event })) });
          if (!answer) return "no-network";
          await settle(some, answer.results);
        }
      }
      return mine.length ? "sent" : "nothing";
    },

    kept: {
      all: () => all("kept"),
      get: async (name) => done((await store("kept")).get(name)),
      put: (row) => write("kept", (kept) => kept.put(row)),
      remove: (name) => write("kept", (kept) => kept.delete(name)),
    },
    nameOf: (version, language, module) => `${version} ${language} ${module}`,
    cacheOf: (row) => `${row.leaves ? WHILE : ""}learning ${row.name}`,
    WHILE,
  };

  /* Who is signed in, as a number that says nothing; and what a form would carry. */
  const enter = async (pass) => {
    const answer = await fetch(pass, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer) return "no-network";
    const kind = answer.headers.get("Content-Type") ?? "";
    return answer.ok && kind.startsWith("application/json") ? answer.json() : "sign-in";
  };

  const post = async (to, token, body) => {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
    const answer = await fetch(to, { method: "POST", headers, body: JSON.stringify(body) }).catch(() => null);
    return answer?.ok ? answer.json().catch(() => null) : null;
  };

  const settle = async (rows, results) => {
    const said = new Map(results.map((result) => [result.id, result]));
    for (const row of rows) {
      const result = said.get(row.id);
      if (!result) continue;
      if (result.state === "refused") await write("told", (kept) => kept.put({ ...row, state: "refused", why: result.why }));
      else {
        await tick(row);
        await outbox.remove(row.id);
      }
    }
  };

  /* A lesson that was read here keeps its tick, as long as the module is kept. */
  const TICKS = "/ticks.json";
  const tick = async ({ event, version, owner }) => {
    if (event.verb !== "read" || !globalThis.caches) return;
    for (const row of await all("kept"))
      if (row.version === version && row.owner === owner && await caches.has(outbox.cacheOf(row))) {
        const cache = await caches.open(outbox.cacheOf(row));
        const ticks = new Set(await (await cache.match(TICKS))?.json() ?? []);
        await cache.put(TICKS, new Response(JSON.stringify([...ticks.add(event.object)])));
      }
  };
  outbox.ticks = async (row, version, owner) => {
    const mine = (await outbox.rows()).filter((told) => told.version === version && told.owner === owner);
    const read = mine.filter(({ event }) => event.verb === "read").map(({ event }) => event.object);
    if (!row || !globalThis.caches) return read;
    const kept = await (await caches.open(outbox.cacheOf(row))).match(TICKS);
    return [...read, ...(await kept?.json() ?? [])];
  };

  globalThis.outbox = outbox;
})();
