/* Our own browser scripts, asked by the tests: one question a line, one answer a line.
   The folder with the scripts is the first argument. */

import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const from = (name) => import(pathToFileURL(`${process.argv[2]}/${name}`).href);
const { evaluate, written } = await from("evaluate.js");
const { Form } = await from("fill.js");
const { fits, run } = await from("patterns.js");

const told = (value) => {
  if (Array.isArray(value)) return ["list", value];
  return typeof value === "number" ? ["number", written(value)] : [typeof value, value];
};

const questions = {
  evaluate: ({ trees, names, dot, column, clock }) => {
    const scope = {
      dot,
      look: (name) => names[name],
      all: (name) => [names[name]].flat(),
      position: () => 3,
      column: () => column,
      label: (name, value) => `${name}: ${value}`,
      today: () => clock.today,
      now: () => clock.now,
      noteTooLong: () => {},
    };
    return trees.map((tree) => told(evaluate(tree, scope)));
  },
  patterns: ({ pairs }) => pairs.map(([tree, answer]) => fits(tree, answer)),
  steps: ({ pairs }) => pairs.map(([tree, answer]) => run(tree, answer).taken),
  fill: ({ plan, fills, clock }) => {
    const form = new Form(plan);
    return fills.map((answers) => {
      const filled = form.fill(answers, { today: () => clock.today, now: () => clock.now });
      const wrong = Object.fromEntries(Object.entries(filled.errors).map(([key, { code, says }]) => [key, [code, says]]));
      const options = Object.fromEntries(Object.entries(filled.options).map(([key, offered]) => [key, offered.map(([name]) => name)]));
      return { values: filled.values, off: [...filled.off].sort(), counts: filled.counts, wrong, options };
    });
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { ask, ...question } = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(questions[ask](question))}\n`);
}
