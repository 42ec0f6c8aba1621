/* Sends what is finished on this device: the one way for every page. It is sealed to a
   team, so nobody has to unlock for it; the server says what became of it, in words. */

import { toBase64 } from "./sealing.js";

const GONE = ["taken", "known", "waits"];
const make = (tag, attributes, ...inside) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...inside);
  return element;
};

/* Who is signed in, or why that can't be heard. */
export const enter = async (pass) => {
  const answer = await fetch(pass, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer) return "no_network";
  return answer.ok && !answer.redirected ? answer.json() : "sign_in"; /* the sign-in page speaks JSON too */
};

const post = async ({ id, key, sealed }, take, { token, words }) => {
  const body = JSON.stringify({ id: id.slice(1), key, sealed: toBase64(sealed), now: Date.now() });
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  const answer = await fetch(take, { method: "POST", headers, body }).catch(() => null);
  if (!answer) return { state: "no_network" };
  if (answer.status === 403) return { state: "not_yours", words: words.not_yours };
  const told = answer.ok ? await answer.json().catch(() => null) : null;
  return told ?? { state: "not_taken", words: words.not_taken };
};

/* `tell` hears of each what became of it; of all at once when nothing can be sent. One
   page at a time: several may be open when the network returns. */
export const send = (shelf, to, tell) => {
  const act = () => sendNow(shelf, to, tell);
  return navigator.locks ? navigator.locks.request("amana-sending", act) : act();
};
const sendNow = async (shelf, { pass, take }, tell) => {
  const rows = await shelf.rows("f");
  const worker = rows.length && await enter(pass);
  if (typeof worker === "string") return tell({ state: worker });
  for (const row of rows) {
    const { words } = worker;
    const told = row.whose === worker.whose ? await post(row, take, worker) : { state: "others", words: words.others };
    if (GONE.includes(told.state)) await shelf.remove(row.id);
    await tell(told, row);
    if (["no_network", "not_taken"].includes(told.state)) return;
  }
};

/* As a notice: what became of it, what could not be done, and where to go. */
export const notice = ({ state, words, left = [], url, link }) => {
  const tone = ["refused", "not_yours", "not_taken"].includes(state) ? "late" : GONE.includes(state) && !left.length ? "good" : "due";
  const made = make("div", { class: "notice", "data-tone": tone, "data-state": state }, ...words.split("\n").map((line) => make("p", {}, line)));
  if (left.length) made.append(make("ul", {}, ...left.map((line) => make("li", {}, line))));
  if (url) made.append(make("p", {}, make("a", { class: "button", "data-kind": "plain", href: url }, link)));
  return made;
};
