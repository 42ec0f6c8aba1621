/* Bring a module to this device: its pages and what they are made of, and the questions
   of the test that were drawn for this learner. */
(() => {
  const { outbox } = globalThis;
  const form = document.querySelector("[data-keep]");
  const plan = form.dataset;
  const say = (what) => document.querySelectorAll("[data-say]").forEach((part) => { part.hidden = part.dataset.say !== what; });
  const name = outbox.nameOf(plan.version, plan.language, plan.module);
  const can = globalThis.indexedDB && globalThis.caches && navigator.serviceWorker;

  const asked = async (url, options) => {
    const answer = await fetch(url, options);
    if (!answer.ok || answer.redirected) throw new Error(`${answer.status} ${url}`);
    return answer;
  };

  const here = async () => {
    const row = await outbox.kept.get(name);
    return row && await caches.has(outbox.cacheOf(row)) ? row : null;
  };

  /* Never in the place of what another keeps here: the answers on its pages are theirs.
     Whoever shares the device with them removes it first. */
  const keep = async () => {
    const before = await here();
    if (before && before.owner !== plan.owner) {
      say("kept");
      document.querySelector("[data-remove]").focus();
      return;
    }
    const leaves = form.elements.leaves.value === "yes";
    const row = { name, version: plan.version, module: plan.module, leaves, title: plan.title, url: plan.url };
    say("keeping");
    await navigator.serviceWorker.register(plan.worker, { scope: plan.scope, updateViaCache: "none" });
    /* The test first: its page is drawn for the attempt that is open. */
    const body = new URLSearchParams(new FormData(form));
    Object.assign(row, await (await asked(plan.attempt, { method: "POST", body })).json());
    const list = await (await asked(plan.list)).json();
    await fetchAll(`${leaves ? outbox.WHILE : ""}learning home`, list.home, 0, list);
    await fetchAll(outbox.cacheOf(row), list.pages, list.home.length, list);
    await caches.delete(outbox.cacheOf({ ...row, leaves: !leaves }));
    await outbox.kept.put(row);
    say("kept");
  };

  const fetchAll = async (into, urls, before, list) => {
    const cache = await caches.open(into);
    const bar = document.querySelector("[data-progress]");
    for (const [at, url] of urls.entries()) {
      await cache.put(url, await asked(url));
      bar.value = (before + at + 1) / (list.home.length + list.pages.length);
    }
  };

  const remove = async () => {
    for (const leaves of [true, false]) await caches.delete(outbox.cacheOf({ name, leaves }));
    await outbox.kept.remove(name);
    say("removed");
  };

  const begin = async () => {
    if (!can) return say("cannot");
    form.hidden = false;
    if (await here()) say("kept");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      keep().catch((error) => { say("torn"); throw error; });
    });
    document.querySelectorAll("[data-remove]").forEach((button) => button.addEventListener("click", remove));
    document.documentElement.dataset.ready = "";
  };
  begin();
})();
