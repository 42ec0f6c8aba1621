/* The page that opens a pack, with a network or without one. Words are put in as text,
   never as markup; they go when nobody is there, and when the page is left. */

import { Shelf, can, whenAway } from "../vault/sealing.js";
import { Pack, contact } from "./pack.js";

const find = (selector) => document.querySelector(selector);
const make = (tag, words = "", ...inside) => {
  const element = document.createElement(tag);
  element.append(words, ...inside);
  return element;
};
const sentences = JSON.parse(find("#sentences").textContent);
const form = find("[data-opening]");
const cases = find("[data-cases]");
const EACH = 3e4;
const FORMAT = { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" };

const say = (words, tone = "late") => {
  const notice = make("div", "", make("p", words));
  notice.className = "notice";
  notice.dataset.tone = tone;
  find("#notices").replaceChildren(...(words ? [notice] : []));
};

const shown = ({ reference, name, parts }) => {
  const summary = make("summary", "", make("bdi", name || reference), " ", make("bdi", reference));
  const box = make("details", "", summary);
  box.className = "disclosure";
  const content = make("div");
  content.className = "disclosure-content stack";
  for (const { title, rows } of parts) {
    const list = make("dl");
    list.className = "summary";
    for (const [label, words] of rows) {
      const fact = make("div", "", make("dt", label), make("dd", "", make("bdi", words)));
      fact.className = "fact";
      list.append(fact);
    }
    content.append(make("h2", title), list);
  }
  box.append(content);
  return box;
};

let shelf;
const close = async () => {
  cases.replaceChildren();
  const pack = await Pack.of(shelf);
  const why = pack ? await pack.state() : "over";
  form.hidden = Boolean(why);
  if (why) say(sentences[why]);
  return !why;
};

const unlock = async (phrase) => {
  const pack = await Pack.of(shelf);
  const { found, left, why } = pack ? await pack.open(phrase) : { why: "over" };
  if (!found) {
    say(why ? sentences[why] : `${sentences.wrong} ${left}`);
    if (why) form.hidden = true;
    return;
  }
  const until = new Date(pack.row.until).toLocaleString(document.documentElement.lang, FORMAT);
  say(`${sentences.until} ${until}`, "due");
  form.hidden = true;
  cases.replaceChildren(...found.map(shown));
};

const ask = async () => {
  find("[data-no-network]").hidden = navigator.onLine;
  if (await contact(shelf, document.body.dataset.contact) === "gone") await close();
};
/* While it is open, and nobody has to do anything for it. */
const look = async () => {
  await ask();
  const pack = await Pack.of(shelf);
  if (!pack || await pack.state()) await close();
};

const start = async () => {
  if (!can()) return say(sentences.cannot);
  shelf = await Shelf.open();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const input = form.querySelector("input");
    const typed = input.value;
    input.value = "";
    unlock(typed);
  });
  await close();
  whenAway(close);
  addEventListener("pagehide", () => cases.replaceChildren());
  addEventListener("online", ask);
  addEventListener("offline", ask);
  setInterval(look, EACH);
  await ask();
  document.documentElement.dataset.ready = "";
};
start();
