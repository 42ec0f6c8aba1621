/* A form's page comes alive: shows what follows from an answer, calculates, says what is
   wrong, adds and removes, goes from step to step. The server does the same without. */

import { Form, keyOf } from "./fill.js";
import { Drafts } from "./drafts.js";

const held = document.getElementById("form-plan");
const plan = JSON.parse(held.textContent);
const sheet = document.querySelector("form[data-sheet]");
const form = new Form(plan);
const touched = new Set();
const OWN = /^(?:form:.*|_once|csrfmiddlewaretoken)$/;

const find = (selector, root = sheet) => root.querySelector(selector);
const all = (selector, root = sheet) => [...root.querySelectorAll(selector)];
const named = (name) => [...sheet.elements].filter((element) => element.name === name);
const part = (key) => find(`[data-key="${CSS.escape(key)}"]`);
const hidden = (name) => sheet.elements.namedItem(name);
const make = (tag, attributes, text = "") => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  return element;
};
const filled = (words, ...values) => values.reduce((said, value) => said.replace("%s", value), words);

/* --- answers, in and out of the page */

const answers = () => {
  const given = {};
  for (const element of sheet.elements) {
    const { name, type, value } = element;
    if (!name || OWN.test(name) || element.tagName === "BUTTON") continue;
    const ticked = type === "radio" || type === "checkbox";
    given[name] ??= "";
    if (!ticked) given[name] = value;
    else if (element.checked) given[name] = `${given[name]} ${value}`.trim();
  }
  return given;
};

const write = (key, value) => {
  const words = value.split(" ");
  for (const element of named(key)) {
    if (element.type === "radio" || element.type === "checkbox") element.checked = words.includes(element.value);
    else element.value = value;
  }
};

/* --- what is to be seen */

const paint = (given = answers()) => {
  const now = form.fill(given);
  repeats(now);
  for (const element of all("[data-key]")) element.hidden = now.off.has(element.dataset.key);
  for (const known of all("details[data-already]")) {
    const { already, given: before } = known.dataset;
    known.hidden = now.off.has(already);
    if ((given[already] ?? "") !== before) known.open = true;
  }
  for (const [key, choices] of Object.entries(now.options)) offer(key, choices, now.answers[key]);
  for (const input of all("input[type=hidden]"))
    if (!OWN.test(input.name) && input.name in now.answers) input.value = now.answers[input.name];
  for (const element of all("[data-says]")) element.textContent = saidHere(now, element);
  for (const element of all(".field[data-key]")) {
    const { key } = element.dataset;
    complain(element, touched.has(key) ? now.errors[key]?.says : "");
    clearable(element, key);
  }
  return now;
};

const saidHere = (now, element) => {
  const one = element.closest("[data-one]")?.dataset.one.split(".") ?? [];
  const place = one.slice(1).map(Number);
  const chain = one.length ? [...form.items.get(one[0]).repeats, one[0]] : [];
  return now.said(element.dataset.says, chain, place);
};

const complain = (field, says) => {
  let error = find(":scope > .field-error", field);
  if ((error?.textContent ?? "") === (says ?? "")) return;
  const id = `q-${field.dataset.key}-error`;
  const control = field.tagName === "FIELDSET" ? field : find("input, select, textarea", field);
  const described = new Set((control.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
  error?.remove();
  field.toggleAttribute("data-wrong", Boolean(says));
  described.delete(id);
  if (says) {
    error = make("p", { class: "field-error sign", "data-tone": "late", id }, says);
    (find(":scope > .field-hint", field) ?? find(":scope > .field-label", field) ?? field.firstChild).after(error);
    described.add(id);
  }
  if (described.size) control.setAttribute("aria-describedby", [...described].join(" "));
  else control.removeAttribute("aria-describedby");
  if (control !== field) control.toggleAttribute("aria-invalid", Boolean(says));
  if (control !== field && says) control.setAttribute("aria-invalid", "true");
};

/* What is chosen among few can be taken back. */
const clearable = (field, key) => {
  if (!find('[data-choices="radio"]', field)) return;
  const chosen = find("input:checked", field);
  const button = find("[data-clear]", field);
  if (!chosen) button?.remove();
  else if (!button) field.append(make("button", { type: "button", class: "button", "data-kind": "quiet", "data-clear": key }, plan.words.clear));
};

const offer = (key, choices, answer) => {
  const select = find(`select[name="${CSS.escape(key)}"]`);
  const list = find("[data-choices]", part(key));
  const offered = choices.map(([name]) => name).join(" ");
  const have = select ? [...select.options].slice(1).map((option) => option.value) : all("input", list).map((input) => input.value);
  if (have.join(" ") === offered) return;
  if (select) {
    select.replaceChildren(new Option("", ""), ...choices.map(([name, label]) => new Option(label, name, false, name === answer)));
    return;
  }
  const chosen = answer.split(" ");
  list.replaceChildren(...choices.map(([name, label]) => {
    const input = make("input", { type: list.dataset.choices, id: `q-${key}-${name}`, name: key, value: name });
    input.checked = chosen.includes(name);
    const choice = make("label", { class: "choice" });
    choice.append(input, make("span", {}, label));
    return choice;
  }));
};

/* --- one more, one less */

const ones = (repeat) => all(":scope > [data-one]", repeat);

const repeats = (now) => {
  for (const repeat of all("[data-repeat]")) {
    const count = now.counts[repeat.dataset.key] ?? 0;
    let have = ones(repeat);
    for (const left of have.slice(count)) left.remove();
    for (let at = have.length; at < count; at += 1) append(repeat, at, now);
    have = ones(repeat);
    hidden(repeat.dataset.key).value = String(count);
  }
};

const append = (repeat, at, now) => {
  const template = find(":scope > template", repeat);
  const depth = form.items.get(repeat.dataset.key.split(".")[0]).repeats.length;
  const one = document.createElement("template");
  one.innerHTML = template.innerHTML.replaceAll(`§${depth}+1`, at + 1).replaceAll(`§${depth}`, at);
  const added = one.content.firstElementChild;
  template.before(added);
  for (const element of all("[name]", added))
    if (element.tagName !== "BUTTON") write(element.name, now.answers[element.name] ?? "");
  nested(added, now);
};
const nested = (added, now) => {
  for (const repeat of all("[data-repeat]", added))
    for (let at = ones(repeat).length; at < (now.counts[repeat.dataset.key] ?? 0); at += 1) append(repeat, at, now);
};

const add = (key) => {
  paint({ ...answers(), [key]: String(Number(hidden(key).value) + 1) });
  find("input, select, textarea", ones(part(key)).at(-1))?.focus();
};

const remove = (one) => {
  const [name, ...place] = one.split(".");
  const gone = Number(place.pop());
  const depth = place.length;
  const given = {};
  for (const [key, answer] of Object.entries(answers())) {
    const [which, ...at] = key.split(".");
    const inside = form.items.get(which).repeats[depth] === name;
    if (inside && at.slice(0, depth).join() === place.join()) {
      if (Number(at[depth]) === gone) continue;
      if (Number(at[depth]) > gone) at[depth] = Number(at[depth]) - 1;
    }
    given[keyOf(which, at)] = answer;
  }
  const count = keyOf(name, place);
  given[count] = String(Number(given[count]) - 1);
  put(given);
  const next = ones(part(count)).at(Math.min(gone, Number(given[count]) - 1));
  (next ? find("input, select, textarea", next) : find('[value^="add "]', part(count)))?.focus();
};

/* Another set of answers into the page; those that it does not ask for any more, or not
   with this answer, are given back in words. */
const put = (given) => {
  for (const repeat of all("[data-repeat]")) ones(repeat).forEach((one) => one.remove());
  const now = paint(given);
  for (const [key, value] of Object.entries(now.answers)) write(key, value);
  paint();
  return Object.entries(given)
    .filter(([key, value]) => value && !fits(named(key), value))
    .map(([key, value]) => `${key}: ${value}`);
};

const fits = (elements, value) => {
  const offered = elements.flatMap(({ type, value: one, options }) => (options ? [...options].map((option) => option.value) : type === "radio" || type === "checkbox" ? [one] : []));
  return elements.length && (!offered.length || value.split(" ").every((word) => offered.includes(word)));
};

/* --- steps */

const steps = all("[data-step]");
const paged = steps.length > 1 || Boolean(find("[data-steps]"));
const isAsked = (step) => all(".field[data-key], .sheet-note, [data-repeat]", step).some((element) => !element.hidden && !element.closest("[data-key][hidden]"));
const current = () => steps.findIndex((step) => !step.hidden);

const go = (to, focus = true) => {
  steps.forEach((step, at) => { step.hidden = at !== to; });
  hidden("form:step").value = String(to);
  if (!paged) return;
  const asked = steps.filter(isAsked);
  const at = asked.indexOf(steps[to]);
  find("[data-steps]").textContent = filled(plan.words.step, at + 1, asked.length);
  const last = at === asked.length - 1;
  for (const button of all(".actions button")) button.hidden = { back: at === 0, next: last, finish: !last }[button.value];
  find("button").value = last ? "finish" : "next";
  if (!focus) return;
  scrollTo({ top: 0 });
  steps[to].setAttribute("tabindex", "-1");
  steps[to].focus({ preventScroll: true });
};

const turn = (by) => {
  let to = current() + by;
  while (steps[to] && !isAsked(steps[to])) to += by;
  if (steps[to]) go(to);
};

/* Whether nothing on this step, or on any, is missing or wrong; else it is shown. */
const holds = (within) => {
  const keys = within.flatMap((step) => all(".field[data-key]", step).map((field) => field.dataset.key));
  keys.forEach((key) => touched.add(key));
  const { errors } = paint();
  const wrong = keys.find((key) => errors[key]);
  const unshown = within === steps ? Object.keys(errors).filter((key) => !find(`.field[data-key="${CSS.escape(key)}"]`)) : [];
  tell(unshown.map((key) => `${key}: ${errors[key].says}`), wrong === undefined);
  if (wrong === undefined) return !unshown.length;
  const field = part(wrong);
  const step = steps.indexOf(field.closest("[data-step]"));
  if (steps[step].hidden) go(step, false);
  find("input:not([type=hidden]), select, textarea", field).focus();
  return false;
};

/* What can't stay and has no place on the page: a calculation, a condition. */
const tell = (sentences, alone) => {
  document.querySelector("[data-unshown]")?.remove();
  if (!sentences.length) return;
  const told = make("div", { class: "form-errors", role: "alert", tabindex: "-1", "data-unshown": "" });
  const list = make("ul", {});
  list.append(...sentences.map((sentence) => make("li", {}, sentence)));
  told.append(list);
  sheet.before(told);
  if (alone) told.focus();
};

/* --- what people do */

let drafts = null;

sheet.addEventListener("input", ({ target }) => {
  const now = paint();
  if (target.type === "text" || target.tagName === "TEXTAREA") return drafts?.changed();
  touched.add(target.name);
  if (now.errors[target.name]) paint();
  drafts?.changed();
});
sheet.addEventListener("change", ({ target }) => {
  touched.add(target.name);
  paint();
});
sheet.addEventListener("click", ({ target }) => {
  const key = target.dataset.clear;
  if (!key) return;
  write(key, "");
  paint();
  find("input", part(key)).focus();
  drafts?.changed();
});
sheet.addEventListener("submit", (event) => {
  const [move, what] = (event.submitter?.value ?? "finish").split(" ");
  if (move === "finish" && holds(steps)) {
    hidden("form:off").value = "";
    if (drafts) {
      event.preventDefault();
      drafts.finish();
    }
    return;
  }
  event.preventDefault();
  if (move === "add") add(what);
  else if (move === "remove") remove(what);
  else if (move === "back") turn(-1);
  else if (move === "next" && holds([steps[current()]])) turn(1);
  drafts?.changed();
});

for (const field of all(".field[data-wrong]")) touched.add(field.dataset.key);
paint();
if (paged) go(Math.max(0, current()), false);
document.documentElement.dataset.sheet = "ready";

const page = { plan, sheet, fields: () => [...new FormData(sheet)].filter(([name]) => name !== "csrfmiddlewaretoken"), put, hidden, make, go };
if (plan.drafts) Drafts.begin(page).then((begun) => { drafts = begun; });
