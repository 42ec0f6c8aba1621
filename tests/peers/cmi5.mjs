/* A lesson of a cmi5 package, launched: on standard input the files, the page, what to do
   and what a former visit left; on standard output the statements, the state that was
   kept, and what the page asked for. The launching system is played here; a real store
   takes the statements afterwards. */

import { readFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { JSDOM, VirtualConsole } from "jsdom";

const { files, page, steps, kept, launch, actor, token } = JSON.parse(readFileSync(0, "utf8"));
const errors = [];
const asked = [];
const statements = [];
let state = kept ?? null;
let handedOut = token === null;

const quiet = new VirtualConsole();
quiet.on("jsdomError", (error) => errors.push(String(error.message)));

const activity = "https://amana.example/lesson-1";
const registration = "6b2f1b0e-6e5f-4a73-9b0f-2f3c1d4e5a60";
const query = new URLSearchParams({
  endpoint: "https://lms.example/xapi", fetch: "https://lms.example/fetch?session=1",
  actor: JSON.stringify(actor), registration, activityId: activity,
});
const { window } = new JSDOM(files[page], { url: `https://content.example/${page}?${query}`, runScripts: "outside-only", virtualConsole: quiet });
const said = (body, ok = true) => ({ ok, json: async () => body });

Object.defineProperty(window.crypto, "randomUUID", { value: randomUUID });
window.fetch = async (url, { method = "GET", headers = {}, body } = {}) => {
  const to = new URL(url);
  asked.push(`${method} ${to.pathname}`);
  if (to.pathname === "/fetch") {
    if (handedOut) return said({ "error-code": "1", "error-text": "handed out before" });
    handedOut = true;
    return said({ "auth-token": token });
  }
  if (headers.Authorization !== `Basic ${token}`) errors.push(`${url} without the token`);
  if (headers["X-Experience-API-Version"] !== "1.0.3") errors.push(`${url} without a version`);
  if (to.pathname === "/xapi/statements") { statements.push(JSON.parse(body)); return said([]); }
  if (to.pathname === "/xapi/activities/state") {
    if (to.searchParams.get("registration") !== registration) errors.push("no registration");
    if (to.searchParams.get("stateId") === "LMS.LaunchData") return said(launch);
    if (method === "PUT") { state = JSON.parse(body); return said(null); }
    return state ? said(state) : said(null, false);
  }
  if (to.pathname === "/xapi/agents/profile") return said(null, false);
  errors.push(`unknown: ${url}`);
  return said(null, false);
};

const turn = () => new Promise((go) => setTimeout(go, 20));
for (const one of window.document.querySelectorAll("script[src]")) window.eval(files[one.getAttribute("src")]);
await turn();

for (const step of steps) {
  if (step.answer) {
    const form = window.document.getElementById(step.answer);
    for (const value of step.ticks) form.querySelector(`input[value="${value}"]`).checked = true;
    form.dispatchEvent(new window.Event("submit", { cancelable: true }));
  } else if (step.read) {
    window.document.getElementById("read").click();
  } else if (step.leave) {
    window.dispatchEvent(new window.Event("pagehide"));
  }
  await turn();
}
process.stdout.write(JSON.stringify({ errors, asked, statements, state, activity, registration, read: window.lesson.state.read }));
process.exit(0);
