/* Seals a pack on this device. The phrases never leave it. */

import { Shelf, can } from "../vault/sealing.js";
import { keepPages } from "../meetings/pages.js";
import { Pack } from "./pack.js";

const box = document.querySelector("[data-make-pack]");
const form = box.querySelector("form");
const plan = box.dataset;
const KEPT = "pack";
const LEAST = 12;
const say = (what) => box.querySelectorAll("[data-say]").forEach((part) => { part.hidden = part.dataset.say !== what; });

const take = async () => {
  const { phrase, again, duress, hours, csrfmiddlewaretoken } = form.elements;
  const typed = [phrase, again, duress].map((input) => input.value);
  if (typed[0].length < LEAST || (typed[2] && typed[2].length < LEAST)) return say("short");
  if (typed[0] !== typed[1]) return say("different");
  if (typed[0] === typed[2]) return say("same");
  form.hidden = true;
  say("preparing");
  await navigator.serviceWorker.register(plan.worker, { scope: plan.home, updateViaCache: "none" });
  await keepPages(plan.kept, plan.home, KEPT);
  const body = new URLSearchParams({ export: plan.export, hours: hours.value, csrfmiddlewaretoken: csrfmiddlewaretoken.value });
  const answer = await fetch(plan.fill, { method: "POST", body, headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  await Pack.make(await Shelf.open(), await answer.json(), typed[0], typed[2]);
  form.reset();
  say("ready");
};

if (!can() || !globalThis.caches || !navigator.serviceWorker) say("cannot");
else {
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    take().catch((error) => { say("torn"); throw error; });
  });
  document.documentElement.dataset.ready = "";
}
