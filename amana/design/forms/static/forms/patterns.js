/* Whether an answer fits a pattern, in a time that grows with its length alone: all places
   of the pattern where it could be are moved on together, sign by sign (Thompson 1968).
   `engine/patterns.py` reads the pattern and says what its tree means; RE2 on the server
   gives the same answers (a test compares them). */

const LONGEST_MATCHED = 1_000;
const REPLACEMENT = 0xfffd;

/* The steps of a program: signs to be one of, places to go to, an edge to be at, done. */
class Program {
  constructor(tree) {
    this.steps = [];
    this.add(tree);
    this.steps.push({ do: "done" });
  }

  fork(...to) {
    const step = { do: "go", to };
    this.steps.push(step);
    return step.to;
  }

  add(node) {
    const [kind, ...parts] = node;
    switch (kind) {
      case "&": return parts.forEach((part) => this.add(part));
      case "|": return this.choice(parts);
      case "*": return this.repeat(...parts);
      case "^":
      case "$": return this.steps.push({ do: kind });
      default: return this.steps.push({ do: "sign", ranges: node });
    }
  }

  choice(parts) {
    const begins = this.fork();
    const ends = parts.map((part) => {
      begins.push(this.steps.length);
      this.add(part);
      return this.fork();
    });
    for (const end of ends) end.push(this.steps.length);
  }

  repeat(part, least, most) {
    for (let n = 0; n < least; n += 1) this.add(part);
    if (most === null) {
      const again = this.steps.length;
      const ways = this.fork(again + 1);
      this.add(part);
      this.fork(again);
      ways.push(this.steps.length);
      return;
    }
    const ends = [];
    for (let n = least; n < most; n += 1) {
      ends.push(this.fork(this.steps.length + 1));
      this.add(part);
    }
    for (const end of ends) end.push(this.steps.length);
  }

  /* Whether all of these signs fit, and how many steps it took to see it. */
  run(signs) {
    let taken = 0;
    const reach = (places, from, at) => {
      const waiting = [from];
      while (waiting.length) {
        const place = waiting.pop();
        if (places.has(place)) continue;
        places.add(place);
        taken += 1;
        const step = this.steps[place];
        if (step.do === "go") waiting.push(...step.to);
        else if (step.do === "^" ? at === 0 : step.do === "$" && at === signs.length) waiting.push(place + 1);
      }
      return places;
    };
    let here = reach(new Set(), 0, 0);
    for (let at = 0; at < signs.length && here.size; at += 1) {
      const next = new Set();
      for (const place of here) {
        const { ranges } = this.steps[place];
        if (ranges && within(ranges, signs[at])) reach(next, place + 1, at + 1);
      }
      here = next;
    }
    return { fits: here.has(this.steps.length - 1), taken };
  }
}

const within = (ranges, sign) => {
  for (let n = 0; n < ranges.length; n += 2) if (ranges[n] <= sign && sign <= ranges[n + 1]) return true;
  return false;
};

const codePoint = (letter) => {
  const code = letter.codePointAt(0);
  return code >= 0xd800 && code < 0xe000 ? REPLACEMENT : code; /* half a sign */
};

const programs = new WeakMap();

export const run = (tree, answer) => {
  if (!programs.has(tree)) programs.set(tree, new Program(tree));
  return programs.get(tree).run([...answer].map(codePoint));
};

export const fits = (tree, answer) => [...answer].length <= LONGEST_MATCHED && run(tree, answer).fits;
