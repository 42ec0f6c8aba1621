/* scorm-again plays a lesson of a SCORM package: the files on standard input as a JSON
   object, with the page to open, what to do there and what a former visit left; on
   standard output what the learning system knows afterwards, and what went wrong. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { JSDOM, VirtualConsole } from "jsdom";

const EDITIONS = {
  2004: { file: "scorm2004", made: "Scorm2004API", found: "API_1484_11", prefix: "" },
  1.2: { file: "scorm12", made: "Scorm12API", found: "API", prefix: "LMS" },
};

const { files, page, steps, kept, edition } = JSON.parse(readFileSync(0, "utf8"));
const { file, made, found, prefix } = EDITIONS[edition];
const runtime = readFileSync(createRequire(import.meta.url).resolve(`scorm-again/${file}`), "utf8");
const errors = [];
const quiet = new VirtualConsole();
quiet.on("jsdomError", (error) => errors.push(String(error.message)));
quiet.on("error", (...said) => errors.push(said.join(" ")));

const dom = new JSDOM(files[page], { url: "https://lms.example/", runScripts: "outside-only", virtualConsole: quiet });
const { window } = dom;
window.eval(runtime);
const api = new window[made]({ autocommit: false, logLevel: 5 });
if (kept) api.loadFromJSON(kept, "cmi");
for (const verb of ["SetValue", "GetValue", "Commit"]) {
  const name = `${prefix}${verb}`;
  const real = api[name] ?? api[`lms${verb}`];
  api[name] = (...given) => {
    const answer = real.apply(api, given);
    const code = api[`${prefix}GetLastError`]();
    if (String(code) !== "0") errors.push(`${name}(${given.join(", ")}): ${code}`);
    return answer;
  };
}

window[found] = api;
const sources = [...window.document.querySelectorAll("script[src]")].map((one) => one.getAttribute("src"));
for (const source of sources) window.eval(files[source]);

const { document } = window;
for (const step of steps) {
  if (step.answer) {
    const form = document.getElementById(step.answer);
    for (const value of step.ticks ?? []) form.querySelector(`input[value="${value}"]`).checked = true;
    (step.chooses ?? []).forEach((value, at) => { form.querySelectorAll("select")[at].value = value; });
    if (step.types) form.elements.number.value = step.types;
    form.dispatchEvent(new window.Event("submit", { cancelable: true }));
  } else if (step.read) {
    document.getElementById("read").click();
  } else if (step.leave) {
    window.dispatchEvent(new window.Event("pagehide"));
  }
}

const shown = [...document.querySelectorAll("form.practice")].map((form) => ({
  id: form.id,
  feedback: !form.querySelector(".feedback").hidden,
  verdict: [...form.querySelectorAll("[data-verdict]")].filter((one) => !one.hidden).map((one) => one.dataset.verdict),
  remarks: [...form.querySelectorAll("[data-at]")].filter((one) => !one.hidden).map((one) => Number(one.dataset.at)),
}));
const cmi = JSON.parse(JSON.stringify(api.cmi));
process.stdout.write(JSON.stringify({ errors, shown, terminated: api.isTerminated(), read: window.lesson.state.read, cmi }));
