/* A first meeting that needs no network: one form, sealed on the device at every answer.
   What answers lead to is looked up in tables (`tables.js`). */

import { Opener, Shelf, can, fresh, hex, newId, whenAway } from "../vault/sealing.js";
import { enter, notice, send as sendAll } from "../vault/sending.js";
import { keepPages } from "./pages.js";
import { Tables, plain } from "./tables.js";

const find = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const make = (tag, attributes = {}, ...inside) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...inside);
  return element;
};

const tables = new Tables(JSON.parse(find("#tables").textContent));
const { sentences } = tables;
const form = find("#meeting");
const page = document.body.dataset;
const steps = tables.gate.steps.length;

let shelf;
let opener;
let draft = null; /* { id, time, times, at } */
let timer = 0;

/* --- what stands in the form */

const value = (name) => new FormData(form).get(name) ?? "";
const values = (name) => new FormData(form).getAll(name).map(String);
const fields = () => [...new FormData(form)].map(([name, said]) => [name, String(said)]);
const answers = () => Object.fromEntries(Object.keys(tables.gate.effects).map((code) => [code, value(code)]));
const team = () => value("team");

const put = (kept) => {
  const left = {};
  for (const [name, said] of kept) (left[name] ??= []).push(said);
  for (const element of form.elements) {
    const said = left[element.name] ?? [];
    if (["radio", "checkbox"].includes(element.type)) {
      const at = said.indexOf(element.value);
      element.checked = at >= 0;
      if (at >= 0 && element.type === "checkbox") said.splice(at, 1);
    }
  }
  for (const element of form.elements) {
    if (!element.name || ["radio", "checkbox", "button", "submit"].includes(element.type)) continue;
    const said = left[element.name] ?? [];
    if (element.tagName !== "SELECT") { if (said.length) element.value = said.shift(); continue; }
    const at = said.findIndex((one) => [...element.options].some((option) => option.value === one));
    if (at >= 0) element.value = said.splice(at, 1)[0];
  }
};

const needs = () => all('[name^="need-"][name$="-type"]', form)
  .map((select, row) => ({ row, type: select.value, label: select.selectedOptions[0]?.textContent ?? "" }))
  .filter(({ type }) => type);

const present = () => tables.present(values, value("asked_need"));

const chosen = () => values("service").filter(Boolean).map((pk) => tables.houses.find((house) => String(house.pk) === pk)).filter(Boolean);

/* --- saving */

const changed = () => {
  clearTimeout(timer);
  timer = setTimeout(() => save().catch(() => say(sentences.not_saved)), 300);
};

const save = async () => {
  clearTimeout(timer);
  if (!draft) return;
  const saved = draft;
  const content = { form: tables.form, language: tables.language, fields: fields(), times: saved.times, at: saved.at };
  const { left, alone } = await opener.keep(saved, content);
  if (left <= 0) {
    draft = null;
    form.reset();
    show("start");
    return say(sentences.over);
  }
  if (!alone) say(sentences.another, "due");
  const told = find("[data-saved]", form);
  told.textContent = sentences.saved;
  told.dataset.saved = Number(told.dataset.saved) + 1;
};

/* --- screens */

const show = (name) => {
  for (const screen of all("[data-screen]")) screen.hidden = screen.dataset.screen !== name;
  form.hidden = !form.contains(find(`[data-screen="${name}"]`));
  if (draft && form.contains(find(`[data-screen="${name}"]`))) draft.at = name;
  BEFORE[name]?.();
  scrollTo({ top: 0 });
  const heading = find(`[data-screen="${name}"] h1:not([hidden] *)`);
  heading?.setAttribute("tabindex", "-1");
  heading?.focus({ preventScroll: true });
  changed();
};
const here = () => find("[data-screen]:not([hidden])").dataset.screen;

const BEFORE = {
  start: () => list(),
  emergency: () => mark(find('[data-screen="emergency"]')),
  result: () => mark(find('[data-screen="result"]')),
  intake: () => {
    find("[data-last]", form).hidden = !last?.some(([, said]) => said);
    known();
  },
  houses: () => offer(),
  consent: () => ask(),
};

const mark = (screen) => {
  const found = tables.effects(answers());
  for (const part of all("[data-of]", screen)) {
    const [effect, code] = part.dataset.of.split(" ");
    part.hidden = !found[effect]?.includes(code);
  }
  for (const part of all("[data-some]", screen)) part.hidden = !found[part.dataset.some];
  for (const part of all("[data-none]", screen)) part.hidden = Boolean(found[part.dataset.none]);
  const verdict = tables.result(answers()) + (found.declined ? " declined" : "");
  for (const part of all("[data-verdict]", screen)) part.hidden = part.dataset.verdict !== verdict;
};

/* What the gate has answered is not asked twice. */
const known = () => {
  const said = value("SAFE08");
  if (said && said !== "not_asked" && !value("identity_child")) {
    const choice = find(`[name="identity_child"][value="${said}"]`, form);
    if (choice) choice.checked = true;
    const flag = find('[name="narrative_flags"][value="child"]', form);
    if (flag && ["yes", "unsure"].includes(said)) flag.checked = true;
  }
  all(".need-row", form).forEach((row, at) => { row.hidden = at > 0 && !find("select", row).value && at > shown; });
};
let shown = 0;

/* Of this kind, unless it stands there already; in the first row that is empty. */
const need = (type) => {
  const selects = all('[name^="need-"][name$="-type"]', form);
  const at = selects.findIndex((select) => !select.value || select.value === type);
  if (at < 0) return;
  selects[at].value = type;
  shown = Math.max(shown, at);
  known();
  find(`[name="need-${at}-words"]`, form).focus();
  changed();
};

/* The last person of this page, which nobody has closed: place and language, no more. */
let last = null;
const remember = () => { last = fields().filter(([name]) => tables.again.includes(name)); };
const asLast = () => {
  put([...fields().filter(([name]) => !tables.again.includes(name)), ...last]);
  find("[data-last]", form).hidden = true;
  changed();
};

const offer = () => {
  const which = find("[name=asked_need]", form);
  const before = which.value;
  which.replaceChildren(...needs().map(({ row, label }) => make("option", { value: row }, label)));
  if ([...which.options].some((option) => option.value === before)) which.value = before;
  find("[data-which]", form).hidden = which.options.length < 2;
  listHouses();
};

const listHouses = (order = values("service"), focused = null) => {
  const type = find(`[name="need-${value("asked_need")}-type"]`, form)?.value;
  const urgency = value(`need-${value("asked_need")}-urgency`);
  const houses = tables.housesFor({ type, urgency, team: team(), ...tables.sheetOf(values) });
  find("[data-no-houses]", form).hidden = houses.length > 0;
  const at = ({ pk }) => (order.includes(String(pk)) ? order.indexOf(String(pk)) : order.length);
  const sorted = houses.map((house) => house).sort((one, other) => at(one) - at(other));
  find("[data-houses]", form).replaceChildren(...sorted.map((house) => {
    const box = make("input", { type: "checkbox", name: "service", value: house.pk });
    const rank = order.indexOf(String(house.pk));
    box.checked = rank >= 0;
    const words = make("span", {}, make("strong", {}, make("bdi", {}, house.name)));
    if (rank >= 0) words.prepend(make("span", { class: "rank" }, `${rank + 1}. `));
    words.append(make("br"), make("span", { class: "quiet" }, make("bdi", {}, [house.by, house.area].filter(Boolean).join(" · "))));
    if (house.phone) words.append(make("br"), make("bdi", { dir: "ltr", class: "quiet" }, house.phone));
    if (house.for.length) words.append(make("ul", {}, ...house.for.map((condition) => make("li", {}, condition))));
    return make("li", {}, make("label", { class: "pick-house" }, box, words));
  }));
  for (const box of all("[name=service]", form)) box.disabled = !box.checked && order.length >= tables.most;
  if (focused) find(`[name=service][value="${focused}"]`, form)?.focus();
};

const dayAfter = (days) => {
  const day = new Date(Date.now() + days * 864e5);
  return [day.getFullYear(), String(day.getMonth() + 1).padStart(2, "0"), String(day.getDate()).padStart(2, "0")].join("-");
};

/* --- the consent */

const child = () => tables.childOf(values);

const ask = () => {
  const houses = chosen();
  const until = find("[name=until]", form);
  until.min = dayAfter(0);
  until.max = dayAfter(tables.longest_days - 1);
  if (!draft.asked) {
    draft.asked = true;
    until.value = dayAfter(tables.usual_days);
    const spoken = values("identity_languages").filter(Boolean)[0];
    if (spoken) find("[name=language]", form).value = spoken;
    const enough = tables.enough(houses, present());
    for (const box of all("[name=share]", form)) box.checked = enough.includes(box.value);
  }
  find("[data-order]", form).hidden = houses.length < 2;
  const offered = tables.offered(houses, present(), team());
  for (const box of all("[name=share]", form)) {
    const is = offered.includes(box.value);
    box.closest("label").hidden = !is;
    if (!is) box.checked = false;
  }
  for (const group of new Set(all("[name=share]", form).map((box) => box.closest("fieldset")))) group.hidden = !find("label:not([hidden])", group);
  const is_child = child();
  const may = tables.mayAnswer(values);
  find("[data-child]", form).hidden = !is_child;
  const choices = all("[name=given_by]", form);
  for (const choice of choices) choice.closest("label").hidden = !may.includes(choice.value);
  if (!choices.some((choice) => choice.checked && may.includes(choice.value))) choices.find((choice) => choice.value === may[0]).checked = true;
  return read();
};

const about = () => {
  const letters = all("[name=conditions]", form).some((area) => area.value.trim()) ? ["conditions"] : [];
  for (const [letter, inputs] of Object.entries(tables.along))
    if (inputs.some((name) => value(name).trim())) letters.push(letter);
  const ticked = new Set(values("share"));
  const fields_ = tables.offered(chosen(), present(), team()).filter((one) => ticked.has(one));
  return { houses: chosen(), team: team(), until: value("until") || dayAfter(tables.usual_days), child: child(), letters, fields: fields_ };
};

const read = async () => {
  const language = value("language");
  const text = tables.wording(language, about());
  const level = (part, tag) => {
    const words = make("div", {}, make(tag, {}, part.title), ...part.sentences.map((one) => make("p", {}, one)));
    if (part.items.length) words.append(make("ul", {}, ...part.items.map((item) => make("li", {}, item))));
    words.append(...part.after.map((one) => make("p", {}, one)));
    return words;
  };
  const steps_ = text.parts.filter(({ more }) => !more).map((part) =>
    make("li", { class: "consent-step" }, find(`template[data-picture="${part.name}"]`)?.content.cloneNode(true) ?? "", level(part, "h2")));
  const more = make("details", { class: "disclosure" }, make("summary", {}, sentences.more),
    make("div", { class: "disclosure-content stack" }, ...text.parts.filter((part) => part.more).map((part) => level(part, "h3"))));
  const aloud = make("div", { class: "read-aloud-text", lang: text.language, dir: text.direction }, make("ol", { class: "consent-steps" }, ...steps_), more);
  find("#consent-words").replaceChildren(aloud, make("p", { class: "quiet" }, text.draft));
  find("[data-interpreter]", form).hidden = tables.isWritten(language);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(plain(text)));
  find("[name=heard]", form).value = hex(new Uint8Array(digest)).slice(0, 16);
};

/* --- what people do */

const say = (words, tone = "late") => {
  const notice = make("div", { class: "notice", "data-tone": tone }, make("p", {}, words));
  find("#notices").replaceChildren(notice);
  notice.scrollIntoView({ block: "nearest" });
  return notice;
};

const firstTeam = () => {
  const choice = find("[name=team]", form);
  if (!tables.teams[choice.value]) [choice.value] = Object.keys(tables.teams);
};

const begin = () => {
  form.reset();
  offerLanguages();
  firstTeam();
  shown = 0;
  draft = { id: newId(), time: fresh(), times: {}, at: "gate-1" };
  show("gate-1");
};

const seen = new Set();
const turn = (by) => {
  const at = here();
  const step = Number(at.replace("gate-", ""));
  if (at.startsWith("gate-")) {
    draft.times.asked = Date.now();
    const red = tables.effects(answers()).red ?? [];
    if (by > 0 && red.some((code) => !seen.has(code))) {
      red.forEach((code) => seen.add(code));
      draft.after = step;
      return show("emergency");
    }
    return show(step + by > steps ? "result" : `gate-${Math.max(1, step + by)}`);
  }
  if (at === "result") return show(by > 0 ? "intake" : `gate-${steps}`);
  if (at === "intake") {
    if (by < 0) return show("result");
    return needs().length ? show("houses") : say(sentences.nothing);
  }
  if (at === "houses") {
    if (by < 0) return show("intake");
    return chosen().length ? show("consent") : say(sentences.houses);
  }
  return show("houses");
};

const agreed = () => {
  if (!values("share").length) return say(sentences.share);
  if (child() && value("given_by") === "child" && !value("why_alone").trim()) return say(sentences.alone);
  if (!find("[name=understood]", form).checked) return say(sentences.understood);
  return finish("given");
};

const finish = async (answer) => {
  if (!needs().length) return say(sentences.nothing);
  clearTimeout(timer);
  const finished = draft;
  if (answer) finished.times.answered = Date.now();
  const content = { form: tables.form, language: tables.language, fields: [...fields(), ["answer", answer]], times: finished.times };
  if (!answer) content.fields = content.fields.filter(([name]) => name !== "service");
  await opener.finish(finished, tables.teams[team()], content);
  remember();
  draft = null;
  form.reset();
  find("#consent-words").replaceChildren();
  find("#notices").replaceChildren();
  show("end");
  return send();
};

const ACTS = {
  new: begin,
  start: () => show("start"),
  next: () => turn(1),
  back: () => turn(-1),
  gate: () => show("gate-1"),
  emergency: () => { draft.after = Number(here().replace("gate-", "")) || steps; show("emergency"); },
  "go-on": () => show(`gate-${draft.after ?? 1}`),
  last: asLast,
  finish: () => finish(""),
  given: agreed,
  refused: () => finish("refused"),
  send: () => send(),
};

/* --- sending */

const send = async () => {
  await sendAll(shelf, page, (told) => {
    const made = notice({ words: sentences[told.state], ...(told.state === "sign_in" && { url: page.unlock, link: sentences.sign_in_link }), ...told });
    for (const part of all("[data-sending]")) part.replaceChildren(made);
    if (here() === "start") find("#notices").replaceChildren(made);
  });
  list();
};

/* --- what lies here */

const list = async () => {
  const unfinished = opener ? await opener.unfinished() : [];
  const finished = await shelf.rows("f");
  const rows = [
    ...unfinished.map((row) => [row.id, `${sentences.unfinished}. ${sentences.hours} ${Math.ceil(row.left / 36e5)}`]),
    ...finished.map((row) => [row.id, sentences.finished]),
  ];
  find("[data-sealed]").replaceChildren(...rows.map(([id, words]) => make("li", { "data-row": id[0] }, words)));
  find("[data-opening]").hidden = !unfinished.length;
  find("[data-act=new]").hidden = !opener;
  find('[data-act="send"]').hidden = !finished.length;
};

/* The passphrase opens them; the only one is continued, several are offered. */
const unlock = async (passphrase) => {
  const { found, left } = await opener.openAll(passphrase);
  if (!found) {
    say(left ? `${sentences.wrong} ${left}` : sentences.wiped);
    if (!left) opener = null;
    return list();
  }
  if (found.length === 1 && !found[0][1].page) return resume(...found[0]);
  find("[data-sealed]").replaceChildren(...found.map(([kept, content]) => {
    const { page: elsewhere, title } = content;
    if (elsewhere) return make("li", { "data-row": "o" }, make("a", { href: elsewhere }, title));
    const name = new Map(content.fields).get("identity_name") || sentences.unfinished;
    const button = make("button", { type: "button", class: "button", "data-kind": "plain" }, name);
    button.addEventListener("click", () => resume(kept, content));
    return make("li", { "data-row": "o" }, button);
  }));
};

const resume = ({ id, time }, content) => {
  form.reset();
  find("#notices").replaceChildren();
  draft = { id, time, times: content.times ?? {}, at: content.at, asked: content.at === "consent" };
  put(content.fields);
  firstTeam();
  shown = Math.max(0, ...needs().map(({ row: at }) => at));
  const asked = new Map(content.fields).get("asked_need");
  offer();
  if (asked) find("[name=asked_need]", form).value = asked;
  listHouses(content.fields.filter(([name]) => name === "service").map(([, pk]) => pk));
  show(find(`#meeting [data-screen="${content.at}"]`) ? content.at : "gate-1");
};

/* What is older is brought anew; it shows from the next opening on. */
const TOO_OLD = 12 * 36e5;
const refresh = async () => {
  if (!navigator.onLine || Date.now() - tables.matching.at < TOO_OLD) return;
  const worker = await enter(page.pass);
  if (worker.unlocked && worker.whose === tables.whose) await keepPages(page.kit, page.home).catch(() => null);
};

const online = () => { find("[data-no-network]").hidden = navigator.onLine; };

const offerLanguages = () => {
  const boxes = all('[name=identity_languages][type=checkbox]', form).map((box) => [box.value, box.closest("label").textContent.trim()]);
  const others = all("[name=identity_languages] option", form).map((option) => [option.value, option.textContent]).filter(([code]) => code);
  const select = find("[name=language]", form);
  select.replaceChildren(...[...boxes, ...others].map(([code, label]) => make("option", { value: code }, label)));
  select.value = tables.language;
  if (!select.value) select.prepend(make("option", { value: tables.language, selected: "" }, tables.language));
};

/* Of countries and languages the page has the codes; the browser knows their names. */
const nameCodes = (field, type, codes) => {
  const names = globalThis.Intl?.DisplayNames && new Intl.DisplayNames([tables.language], { type, fallback: "code" });
  const options = codes.split(" ").map((code) => make("option", { value: code }, names?.of(code) ?? code));
  find(`select[name=${field}]`, form).append(...options.sort((one, other) => one.textContent.localeCompare(other.textContent, tables.language)));
};

/* The page has one row of a need, and room for more. */
const addRows = () => {
  const first = find(".need-row", form);
  for (let at = tables.rows - 1; at > 0; at -= 1) {
    const row = make("div", { class: "need-row" });
    row.innerHTML = first.innerHTML.replaceAll("need-0-", `need-${at}-`);
    first.after(row);
  }
};

const start = async () => {
  if (!can()) return say(sentences.cannot);
  nameCodes("identity_nationality", "region", tables.countries);
  nameCodes("identity_languages", "language", tables.spoken);
  offerLanguages();
  addRows();
  shelf = await Shelf.open();
  opener = await Opener.of(shelf, tables.whose);
  if (!opener) return location.replace(`${page.home}?online`);
  /* A second worker of this device; a slow network is not waited for. */
  const worker = navigator.onLine && await Promise.race([enter(page.pass), new Promise((late) => setTimeout(late, 3e3))]);
  if (worker?.whose && worker.whose !== tables.whose) return location.replace(`${page.home}?online`);
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    if (button.value === "add_need") { shown += 1; known(); }
    if (button.value.startsWith("need ")) need(button.value.slice(5));
    ACTS[button.dataset.act]?.();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => { find("#notices").replaceChildren(); changed(); });
  form.addEventListener("change", ({ target }) => {
    if (target.name === "service") listHouses(target.checked ? [...values("service").filter((pk) => pk !== target.value), target.value] : values("service"), target.value);
    if (target.name === "asked_need") listHouses([]);
    if (here() === "consent") ask();
  });
  find("[data-opening]").addEventListener("submit", (event) => {
    event.preventDefault();
    const input = find("#m_passphrase");
    const typed = input.value;
    input.value = "";
    unlock(typed);
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  addEventListener("pagehide", () => save());
  addEventListener("online", () => { online(); send(); });
  addEventListener("offline", online);
  addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); });
  whenAway(async () => { if (draft) { await save(); location.reload(); } });
  online();
  show("start");
  document.documentElement.dataset.ready = "";
  await send();
  await refresh();
};
start();
