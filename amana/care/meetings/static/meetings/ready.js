/* Make this device ready for meetings without a network: its pages into the browser's
   cache, and a key pair that the worker's passphrase opens. The passphrase is proved to
   the server first, so that what is sealed here opens with the one that people know. */

import { Opener, Shelf, can } from "../vault/sealing.js";
import { isKept, keepPages } from "./pages.js";

const box = document.querySelector("[data-make-ready]");
const plan = box.dataset;
const form = box.querySelector("form");
const say = (what) => box.querySelectorAll("[data-say]").forEach((part) => { part.hidden = part.dataset.say !== what; });

const prepare = async (passphrase) => {
  say("preparing");
  const body = new URLSearchParams({ passphrase, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
  const proved = await fetch(plan.unlock, { method: "POST", body, headers: { "HX-Request": "true" } });
  if (proved.status === 422) return say("wrong");
  if (!proved.ok) throw new Error(`${proved.status}`);
  await navigator.serviceWorker.register(plan.worker, { scope: plan.home, updateViaCache: "none" });
  await keepPages(plan.kit, plan.home);
  await Opener.make(await Shelf.open(), plan.whose, passphrase);
  say("ready");
};

const begin = async () => {
  if (!can() || !globalThis.caches || !navigator.serviceWorker) return say("cannot");
  box.hidden = false;
  const shelf = await Shelf.open();
  if (await Opener.of(shelf, plan.whose) && await isKept(plan.home)) say("ready");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { passphrase } = form.elements;
    const typed = passphrase.value;
    passphrase.value = "";
    prepare(typed).catch((error) => { say("torn"); throw error; });
  });
  document.documentElement.dataset.ready = "";
};
begin();
