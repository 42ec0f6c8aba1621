/* A tree of `engine/expressions.py` to its value, with the same answer (a test compares
   thousands of random ones). Texts, numbers, booleans, and lists of texts. */

import { fits } from "./patterns.js";

const LONGEST = 50_000;
const NUMBER = /^\s*-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*$/;
const DAY = /^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T(.+))?$/s;
const TIME = /^([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,3})[0-9]*)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?$/;

export const several = (value) => (Array.isArray(value) ? value : [value]);

const realDay = (year, month, day) => {
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, day);
  const real = year > 0 && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return real ? Math.round(at.getTime() / 864e5) : null;
};

const offset = (zone) => {
  if (!zone || zone === "Z") return 0;
  const digits = zone.slice(1).replace(":", "");
  const ahead = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return zone[0] === "-" ? -ahead : ahead;
};

export const minutesOf = (time) => {
  const found = TIME.exec(time);
  if (!found) return null;
  const [hours, minutes, seconds] = [found[1], found[2], found[3] ?? 0].map(Number);
  if (hours > 23 || minutes > 59 || seconds > 59) return null;
  const milliseconds = Number((found[4] ?? "0").padEnd(3, "0"));
  return hours * 60 + minutes - offset(found[5]) + (seconds * 1000 + milliseconds) / 60000;
};

export const daysOf = (text) => {
  const found = DAY.exec(text);
  if (!found) return null;
  const day = realDay(Number(found[1]), Number(found[2]), Number(found[3]));
  if (day === null || found[4] === undefined) return day;
  const minutes = minutesOf(found[4]);
  return minutes === null ? null : day + minutes / 1440;
};

export const number = (value) => {
  if (Array.isArray(value)) value = value[0] ?? "";
  if (typeof value !== "string") return Number(value);
  return NUMBER.test(value) ? Number(value) : (daysOf(value) ?? NaN);
};

/* A number as XPath writes it: never with an exponent. */
export const written = (value) => {
  const plain = String(value);
  const [digits, exponent] = plain.split("e");
  if (exponent === undefined) return Object.is(value, -0) ? "0" : plain;
  const minus = digits[0] === "-" ? "-" : "";
  const [whole, part = ""] = digits.replace("-", "").split(".");
  const by = Number(exponent);
  if (by < 0) return `${minus}0.${"0".repeat(-by - 1)}${whole}${part}`;
  return `${minus}${whole}${part}${"0".repeat(by - part.length)}`;
};

export const text = (value) => {
  if (Array.isArray(value)) return value[0] ?? "";
  return typeof value === "number" ? written(value) : String(value);
};
export const kept = (value) => (Number.isNaN(value) ? "" : text(value));
export const truth = (value) => {
  if (typeof value === "number") return value !== 0 && !Number.isNaN(value);
  return typeof value === "boolean" ? value : value.length > 0;
};
export const chosen = (value) => text(value).split(" ").filter(Boolean);

const isList = Array.isArray;
const isBoolean = (value) => typeof value === "boolean";
const isNumber = (value) => typeof value === "number";
const some = (a, b, test) => several(a).some((one) => several(b).some((other) => test(one, other)));

const same = (a, b) => {
  if (isBoolean(a) || isBoolean(b)) return truth(a) === truth(b);
  if (isList(a) || isList(b)) return some(a, b, same);
  return isNumber(a) || isNumber(b) ? number(a) === number(b) : a === b;
};
const differs = (a, b) => {
  if (isBoolean(a) || isBoolean(b)) return truth(a) !== truth(b);
  return isList(a) || isList(b) ? some(a, b, differs) : !same(a, b);
};
const below = (a, b) => some(a, b, (one, other) => number(one) < number(other));
const atMost = (a, b) => some(a, b, (one, other) => number(one) <= number(other));

const letters = (value) => [...text(value)];
const numbers = (values) => values.flatMap(several).map(number);
const extreme = (values, best) => {
  const given = numbers(values);
  return given.length === 0 || given.some(Number.isNaN) ? NaN : best(...given);
};
const bounded = (place) => Math.trunc(Math.max(-1e6, Math.min(1e6, place)));
const slice = (value, start, end) => {
  const said = letters(value);
  const first = number(start);
  const last = end === undefined ? said.length : number(end);
  return Number.isNaN(first) || Number.isNaN(last) ? "" : said.slice(bounded(first), bounded(last)).join("");
};
const round = (value, places = 0) => {
  const given = number(value);
  const to = number(places);
  if (!Number.isFinite(given) || !Number.isFinite(to) || Math.abs(to) > 15) return Number.isFinite(to) ? given : NaN;
  const scale = Number(`1e${Math.abs(Math.trunc(to))}`);
  if (to < 0) return Math.floor(given / scale + 0.5) * scale;
  const scaled = given * scale + 0.5;
  return Number.isFinite(scaled) ? Math.floor(scaled) / scale : given;
};
const dated = (value) => {
  const days = number(value);
  if (!(days >= -719162 && days < 2932897)) return "";
  return new Date(Math.floor(days) * 864e5).toISOString().slice(0, 10);
};
const formatted = (value, form) => {
  const found = DAY.exec(text(value));
  const clock = found && TIME.exec(found[4] ?? "00:00");
  if (!clock) return "";
  const [, year, month, day] = found;
  const parts = {
    Y: year, y: year.slice(2), m: month, n: String(Number(month)), d: day, e: String(Number(day)),
    H: clock[1], h: String(Number(clock[1])), M: clock[2], S: clock[3] ?? "00", 3: (clock[4] ?? "0").padEnd(3, "0"),
  };
  return text(form).replace(/%(.)/g, (whole, letter) => parts[letter] ?? whole);
};
const translated = (value, these, into) => {
  const fresh = letters(into);
  const exchanged = new Map(letters(these).map((letter, at) => [letter, fresh[at] ?? ""]).reverse());
  return letters(value).map((letter) => exchanged.get(letter) ?? letter).join("");
};

export const lengthOf = (said) => [...said].length;

/* Before anything is put together: else ten lines make a gigabyte. */
class TooLong extends Error {}
const join = (between, ...values) => {
  const parts = values.flatMap(several).map(text);
  const mark = text(between);
  const long = parts.reduce((total, part) => total + lengthOf(part), 0) + lengthOf(mark) * Math.max(0, parts.length - 1);
  if (long > LONGEST) throw new TooLong();
  return parts.join(mark);
};

export const FUNCTIONS = {
  coalesce: (a, b) => text(a) || text(b),
  true: () => true,
  false: () => false,
  not: (a) => !truth(a),
  boolean: truth,
  "boolean-from-string": (a) => ["1", "true"].includes(text(a)),
  selected: (a, b) => chosen(a).includes(text(b)),
  "count-selected": (a) => chosen(a).length,
  "selected-at": (a, at) => (number(at) >= 0 ? (chosen(a)[Math.trunc(number(at))] ?? "") : ""),
  string: text,
  "string-length": (a) => letters(a).length,
  "starts-with": (a, b) => text(a).startsWith(text(b)),
  "ends-with": (a, b) => text(a).endsWith(text(b)),
  contains: (a, b) => text(a).includes(text(b)),
  substr: slice,
  "substring-before": (a, b) => (text(a).includes(text(b)) ? text(a).slice(0, text(a).indexOf(text(b))) : ""),
  "substring-after": (a, b) => (text(a).includes(text(b)) ? text(a).slice(text(a).indexOf(text(b)) + text(b).length) : ""),
  translate: translated,
  "normalize-space": (a) => (text(a).match(/[^ \t\r\n]+/g) ?? []).join(" "),
  concat: (...values) => join("", ...values),
  join,
  regex: (a, pattern) => fits(pattern, text(a)),
  uuid: () => crypto.randomUUID(),
  number,
  int: (a) => Math.trunc(number(a)) + 0,
  round,
  abs: (a) => Math.abs(number(a)),
  count: (a) => several(a).length,
  "count-non-empty": (a) => several(a).filter((one) => one !== "").length,
  sum: (a) => several(a).reduce((total, one) => total + number(one), 0),
  min: (...values) => extreme(values, Math.min),
  max: (...values) => extreme(values, Math.max),
  date: dated,
  "decimal-date-time": number,
  "format-date": formatted,
  "format-date-time": formatted,
};

const OPERATORS = {
  "=": same,
  "!=": differs,
  "<": below,
  "<=": atMost,
  ">": (a, b) => below(b, a),
  ">=": (a, b) => atMost(b, a),
  "+": (a, b) => number(a) + number(b),
  "-": (a, b) => number(a) - number(b),
  "*": (a, b) => number(a) * number(b),
  div: (a, b) => number(a) / number(b),
  mod: (a, b) => number(a) % number(b),
};

/* `scope`: { dot, look(name), all(name), position(), column(name), label(name, value), today(), now(),
   noteTooLong() } */
export const evaluate = (tree, scope) => {
  if (!isList(tree)) return tree;
  const [sign, first, second] = tree;
  const value = (part) => evaluate(part, scope);
  switch (sign) {
    case "'": return first;
    case "/": return first; /* a pattern, read by `engine/patterns.py` */
    case "$": return scope.look(first);
    case ".": return scope.dot;
    case "#": return scope.position();
    case "c": return scope.column(first);
    case "and": return truth(value(first)) && truth(value(second));
    case "or": return truth(value(first)) || truth(value(second));
    case "neg": return -number(value(first));
    case "f": return call(first, tree.slice(2), scope, value);
    default: return OPERATORS[sign](value(first), value(second));
  }
};

const call = (name, parts, scope, value) => {
  switch (name) {
    case "if": return value(truth(value(parts[0])) ? parts[1] : parts[2]);
    case "once": return scope.dot || value(parts[0]);
    case "today": return scope.today();
    case "now": return scope.now();
    case "jr:choice-name": return scope.label(parts[1][1], text(value(parts[0])));
    case "indexed-repeat": {
      const at = number(value(parts[2]));
      return scope.all(parts[0][1])[at >= 1 ? Math.trunc(at) - 1 : -1] ?? "";
    }
    default: return computed(name, parts.map(value), scope);
  }
};

const computed = (name, given, scope) => {
  try {
    return FUNCTIONS[name](...given);
  } catch (error) {
    if (!(error instanceof TooLong)) throw error;
    scope.noteTooLong();
    return "";
  }
};
