/* The QTI 3 player that 1EdTech certified takes items and marks answers: on standard input
   a list of items, each with an answer; on standard output, for each, what it shows, its
   score, and what went wrong. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { JSDOM, VirtualConsole } from "jsdom";

const require = createRequire(import.meta.url);
const source = (name) => readFileSync(require.resolve(name), "utf8");
const asked = JSON.parse(readFileSync(0, "utf8"));

let errors = [];
const quiet = new VirtualConsole();
quiet.on("jsdomError", (error) => errors.push(String(error.detail ?? error.message)));
quiet.on("error", (...said) => errors.push(said.map(String).join(" ")));

const { window } = new JSDOM('<div id="app"></div>', { url: "https://bank.example/", runScripts: "outside-only", virtualConsole: quiet, pretendToBeVisual: true });
window.document.execCommand = () => false; // which jsdom lacks
window.eval(source("vue/dist/vue.js"));
window.eval(source("qti3-item-player/dist/qti3Player.umd.js"));
window.Vue.config.productionTip = false;
window.Vue.config.devtools = false;

let itemReady, ended;

/** A player of its own for each item: it won't load the same one again. */
const mounted = () => new Promise((go) => {
  const place = window.document.createElement("div");
  window.document.body.replaceChildren(place);
  new window.Vue({
    components: { Qti3Player: window.qti3Player.default ?? window.qti3Player },
    template: `<Qti3Player suppress-alert-messages @notifyQti3PlayerReady="ready"
      @notifyQti3ItemReady="item" @notifyQti3EndAttemptCompleted="end" />`,
    methods: {
      ready(one) { go(one); },
      item() { itemReady?.(); },
      end(data) { ended?.(data); },
    },
  }).$mount(place);
});

const soon = (name, start) => new Promise((go, no) => {
  const late = setTimeout(() => no(new Error(`${name} never came`)), 5000);
  start((data) => { clearTimeout(late); go(data); });
});

/** Parts of the player that hold an answer. */
function interactions(within) {
  const found = within.$children.flatMap(interactions);
  const own = typeof within.setResponse === "function" && within.responseIdentifier;
  return own ? [within, ...found] : found;
}

const answers = [];
for (const { xml, answer } of asked) {
  errors = [];
  try {
    const player = await mounted();
    const about = { guid: String(answers.length), status: "interacting", sessionControl: { max_attempts: 0, show_feedback: true, validate_responses: false } };
    await soon("the item", (go) => { itemReady = go; player.loadItemFromXml(xml, about); });
    const text = window.document.body.textContent.replace(/\s+/g, " ").trim();
    interactions(player)[0].setResponse(answer);
    const data = await soon("the end", (go) => { ended = go; player.endAttempt("next"); });
    const outcome = Object.fromEntries(data.state.outcomeVariables.map(({ identifier, value }) => [identifier, value]));
    const response = data.state.responseVariables.find(({ identifier }) => identifier === "RESPONSE").value;
    answers.push({ text, outcome, response, errors });
  } catch (error) {
    answers.push({ text: "", outcome: {}, response: null, errors: [...errors, String(error.stack)] });
  }
}
process.stdout.write(JSON.stringify(answers));
process.exit(0);
