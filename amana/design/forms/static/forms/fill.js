/* What `engine/filling.py` does, for the page: asked or not, calculated, missing, wrong.
   `plan` is made by `plan.py`; answers are kept by key: age, or in repeats age.0 */

import { chosen, daysOf, evaluate, kept, lengthOf, minutesOf, number, several, text, truth } from "./evaluate.js";

const ABOUT_THE_DEVICE = new Set(["start", "end", "today", "deviceid", "phonenumber", "username", "email"]);
const UNASKED = new Set([...ABOUT_THE_DEVICE, "calculate", "hidden", "note", "group"]);
const SELECTS = new Set(["select_one", "select_multiple"]);
const NUMERIC = new Set(["integer", "decimal", "range"]);
const INTEGER = /^-?[0-9]{1,15}$/;
const DECIMAL = /^-?(?:[0-9]{1,15}(?:\.[0-9]{1,15})?|\.[0-9]{1,15})$/;
const PLACE = /^-?[0-9]{1,2}(?:\.[0-9]+)? -?[0-9]{1,3}(?:\.[0-9]+)?(?: -?[0-9.]+){0,2}$/;
const LONGEST = 10_000;
const LONGEST_TOGETHER = 1_000_000;
const DIGITS = "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹";

export const keyOf = (name, place) => [name, ...place].join(".");

const pad = (part, to = 2) => String(part).padStart(to, "0");
export const local = {
  today: () => {
    const now = new Date();
    return `${pad(now.getFullYear(), 4)}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
  },
  now: () => {
    const now = new Date();
    const west = now.getTimezoneOffset();
    const zone = `${west > 0 ? "-" : "+"}${pad(Math.floor(Math.abs(west) / 60))}:${pad(Math.abs(west) % 60)}`;
    const time = `${pad(now.getHours())}:${pad(now.getMinutes())}:${pad(now.getSeconds())}`;
    return `${local.today()}T${time}.${pad(now.getMilliseconds(), 3)}${zone}`;
  },
};

export class Form {
  constructor(plan) {
    this.plan = plan;
    this.items = new Map();
    for (const [name, kind, around, extras = {}] of plan.items)
      this.items.set(name, { name, kind, around: around || null, ...extras });
    for (const item of this.items.values()) item.repeats = this.repeatsAbove(item);
  }

  repeatsAbove(item) {
    const found = [];
    for (let above = this.items.get(item.around); above; above = this.items.get(above.around))
      if (above.p) found.unshift(above.name);
    return found;
  }

  fill(answers, clock = local) {
    return new Filled(this, { ...answers }, clock);
  }
}

class Filled {
  constructor(form, answers, clock) {
    Object.assign(this, { form, answers, clock, values: {}, off: new Set(), counts: {}, options: {}, errors: {}, grown: new Set(), left: LONGEST_TOGETHER });
    for (const item of form.items.values())
      for (const place of this.places(item.repeats, [])) this.settle(item, place);
    for (const item of form.items.values())
      if (!UNASKED.has(item.kind) && !item.l)
        for (const place of this.places(item.repeats, [])) this.check(item, place);
    for (const key of this.grown) this.errors[key] = { code: "grown", says: form.plan.says.grown };
  }

  places(repeats, start) {
    let places = [start];
    for (const repeat of repeats.slice(start.length))
      places = places.flatMap((place) =>
        Array.from({ length: this.counts[keyOf(repeat, place)] ?? 0 }, (_, at) => [...place, at]));
    return places;
  }

  here(item, place, dot = "", choice = null) {
    const { clock, form } = this;
    return {
      dot,
      look: (name) => this.look(name, item.repeats, place),
      all: (name) => several(this.look(name, item.repeats.slice(0, -1), place.slice(0, -1))),
      position: () => (place.length ? place[place.length - 1] + 1 : 1),
      column: (name) => {
        if (!choice) return "";
        return name === "name" ? choice[0] : name === "label" ? choice[1] : (choice[2 + item.k.indexOf(name)] ?? "");
      },
      label: (name, value) => form.items.get(name).o?.find(([code]) => code === value)?.[1] ?? value,
      today: clock.today,
      now: clock.now,
      noteTooLong: () => this.grown.add(keyOf(item.name, place)),
    };
  }

  /* An answer that is worked out, while all of them together are not too long. */
  calculated(tree, here) {
    const answer = kept(evaluate(tree, here));
    this.left -= lengthOf(answer);
    if (this.left >= 0) return answer;
    here.noteTooLong();
    return "";
  }

  settle(item, place) {
    const key = keyOf(item.name, place);
    const here = this.here(item, place, this.answers[key] ?? "");
    if (this.isOff(item, place, here)) this.off.add(key);
    if (item.kind === "group") {
      if (item.p) this.counts[key] = this.count(item, key, here);
    } else if (ABOUT_THE_DEVICE.has(item.kind)) {
      this.values[key] = this.answers[key] = this.about(item, key);
    } else {
      this.answers[key] = this.answer(item, key, here, place);
      this.values[key] = this.off.has(key) ? "" : this.answers[key];
    }
  }

  isOff(item, place, here) {
    const around = this.form.items.get(item.around);
    if (around && this.off.has(keyOf(around.name, place.slice(0, around.repeats.length)))) return true;
    return item.r !== undefined && !truth(evaluate(item.r, here));
  }

  count(item, key, here) {
    const wanted = number(item.t === undefined ? (this.answers[key] ?? "0") : evaluate(item.t, here));
    const count = Math.trunc(Math.max(0, Math.min(wanted, this.form.plan.most))) || 0;
    this.answers[key] = String(count);
    return count;
  }

  about(item, key) {
    if (item.kind === "today") return this.clock.today();
    if (item.kind === "start") return this.answers[key] || this.clock.now();
    return item.kind === "end" ? this.clock.now() : "";
  }

  answer(item, key, here, place) {
    if (item.v !== undefined) return this.calculated(item.v, here);
    let given = "";
    if (key in this.answers) given = cleaned(item, this.answers[key]);
    else if (item.d !== undefined) given = this.calculated(item.d, here);
    return SELECTS.has(item.kind) ? this.possible(item, key, given, place).join(" ") : given;
  }

  possible(item, key, given, place) {
    if (item.f === undefined) return chosen(given); /* the page offers no other */
    const offered = item.o.filter((choice) => truth(evaluate(item.f, this.here(item, place, "", choice))));
    this.options[key] = offered;
    const names = new Set(offered.map(([name]) => name));
    return chosen(given).filter((name) => names.has(name));
  }

  look(name, repeats, place) {
    const item = this.form.items.get(name);
    const around = item.repeats;
    let shared = 0;
    while (shared < repeats.length && repeats[shared] === around[shared]) shared += 1;
    if (item.kind === "group")
      return item.p ? this.places([...around, name], place.slice(0, shared)).map(() => "") : "";
    if (shared === around.length) return this.values[keyOf(name, place.slice(0, shared))] ?? "";
    return this.places(around, place.slice(0, shared)).map((each) => this.values[keyOf(name, each)] ?? "");
  }

  check(item, place) {
    const key = keyOf(item.name, place);
    if (this.off.has(key)) return;
    const answer = this.values[key];
    const code = this.wrong(item, answer, this.here(item, place, answer));
    const own = code === "required" ? item.m : item.x;
    if (code) this.errors[key] = { code, says: own || this.form.plan.says[code] };
  }

  wrong(item, answer, here) {
    if (answer === "") return item.q !== undefined && truth(evaluate(item.q, here)) ? "required" : "";
    if (lengthOf(answer) > LONGEST) return "too_long";
    const code = illFormed(item, answer);
    if (code) return code;
    return item.c === undefined || truth(evaluate(item.c, here)) ? "" : "constraint";
  }

  /* An answer as a person reads it: choices by their labels. */
  label(name, value) {
    const choices = this.form.items.get(name).o ?? [];
    return chosen(value).map((word) => choices.find(([code]) => code === word)?.[1] ?? word).join(", ");
  }

  said(name, repeats, place) {
    const item = this.form.items.get(name);
    const value = text(this.look(name, repeats, place));
    return SELECTS.has(item.kind) ? this.label(name, value) : value;
  }
}

export const cleaned = (item, given) => {
  given = given.replaceAll("\r\n", "\n").trim();
  if (NUMERIC.has(item.kind) || item.kind === "geopoint")
    given = given.replace(/[٠-٩۰-۹]/g, (digit) => DIGITS.indexOf(digit) % 10).replaceAll("٫", ".").replaceAll("−", "-");
  return NUMERIC.has(item.kind) ? given.replaceAll(",", ".").replaceAll(" ", "") : given;
};

const illFormed = (item, answer) => {
  const ok = (test, code) => (test ? "" : code);
  switch (item.kind) {
    case "integer": return ok(INTEGER.test(answer), "integer");
    case "decimal": return ok(DECIMAL.test(answer), "number");
    case "range":
      if (!DECIMAL.test(answer)) return "number";
      return ok(item.b[0] <= number(answer) && number(answer) <= item.b[1], "range");
    case "date": return ok(answer.length === 10 && daysOf(answer) !== null, "date");
    case "time": return ok(minutesOf(answer) !== null, "time");
    case "dateTime": return ok(answer.length > 10 && daysOf(answer) !== null, "moment");
    case "geopoint": return ok(PLACE.test(answer), "place");
    default: return "";
  }
};

