/* inkjs compiles interviews and goes through them, as another engine than ours: on
   standard input what to compile, or a story with ways through it; on standard output
   the story, or what each way tells. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { Compiler, CompilerOptions, Story } = createRequire(import.meta.url)("inkjs/full");
const asked = JSON.parse(readFileSync(0, "utf8"));

function compile(source) {
  const errors = [];
  const options = new CompilerOptions(null, [], false, (message) => errors.push(message));
  try {
    return { story: new Compiler(source, options).Compile().ToJson(), errors };
  } catch (error) {
    return { story: null, errors: errors.length ? errors : [String(error)] };
  }
}

function play(compiled, chosen) {
  const errors = [];
  const story = new Story(compiled);
  story.onError = (message) => errors.push(message);
  const lines = [];
  for (const at of [...chosen, null]) {
    while (story.canContinue) {
      const text = story.Continue().trim();
      lines.push([text, story.currentTags]);
    }
    if (at !== null) story.ChooseChoiceIndex(at);
  }
  return { lines, choices: story.currentChoices.map(({ text }) => text), errors };
}

process.stdout.write(JSON.stringify(
  asked.sources
    ? Object.fromEntries(Object.entries(asked.sources).map(([name, source]) => [name, compile(source)]))
    : asked.ways.map((chosen) => play(asked.story, chosen)),
));
