/* ODK's own engine fills in a form: { xform, fills: [{key: answer}] } on standard input,
   [{ xml, wrong: [keys] }] on standard output. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { JSDOM } from "jsdom";

/* It is made for browsers: a DOM, and what its WebAssembly looks for in Node. */
const { window } = new JSDOM("");
const ELSEWHERE = ["DOMParser", "XMLSerializer", "Node", "Element", "Document", "Attr", "Text", "Comment", "CDATASection", "XPathResult", "XPathEvaluator", "NodeFilter", "DocumentFragment", "CharacterData", "ProcessingInstruction"];
for (const name of ELSEWHERE) globalThis[name] = window[name];
Object.assign(globalThis, { window, document: window.document, __dirname: "", require: createRequire(import.meta.url) });

const { loadForm } = await import("@getodk/xforms-engine");

const { xform, fills } = JSON.parse(readFileSync(0, "utf8"));

const keyOf = (reference) => {
  const steps = reference.split("/");
  const place = steps.flatMap((step) => (/\[(\d+)\]/.exec(step) ?? []).slice(1)).map((at) => Number(at) - 1);
  return [steps.at(-1).replace(/\[\d+\]$/, ""), ...place].join(".");
};

const nodes = function* (node) {
  for (const child of node.currentState.children ?? []) {
    yield child;
    yield* nodes(child);
  }
};

const pointOf = (value) => {
  const [latitude, longitude, altitude, accuracy] = value.split(" ").map(Number);
  return { latitude, longitude, altitude, accuracy };
};

const answer = (node, value) => {
  switch (node.nodeType) {
    case "select": return node.selectValues(value ? value.split(" ") : []);
    case "trigger": return node.setValue(value === "OK");
    case "input":
      if (node.valueType === "geopoint" && value) return node.setValue(pointOf(value));
    case "range": return node.setValue(value === "" ? null : value);
    default: return undefined;
  }
};

/* Again for as long as answers open others. Setting what is set already costs as much
   as the first time, so each answer is given once. */
const fill = (root, answers) => {
  const given = new Set();
  const counted = (node) => {
    const have = node.currentState.children.length;
    const wanted = Number(answers[keyOf(node.currentState.reference)] ?? 0);
    if (have > wanted) node.removeInstances(wanted, have - wanted);
    if (have < wanted) node.addInstances(have - 1, wanted - have);
    return have !== wanted;
  };
  const answered = (node) => {
    const key = keyOf(node.currentState.reference);
    if (!(key in answers) || given.has(node) || !node.currentState.relevant || node.currentState.readonly) return false;
    answer(node, answers[key]);
    given.add(node);
    return true;
  };
  for (let round = 0, more = true; more && round < 9; round += 1) {
    const repeated = [...nodes(root)].filter((node) => node.nodeType === "repeat-range:uncontrolled").filter(counted);
    const said = [...nodes(root)].filter(answered);
    more = repeated.length + said.length > 0;
  }
};

const wrongIn = (root) =>
  [...nodes(root)]
    .filter((node) => node.currentState.relevant && node.validationState?.violation)
    .map((node) => keyOf(node.currentState.reference));

const form = await loadForm(xform);
if (form.status === "failure") throw form.error;
const results = [];
for (const answers of fills) {
  const { root } = form.createInstance();
  fill(root, answers);
  const payload = await root.prepareInstancePayload();
  const file = payload.data.get ? payload.data.get("xml_submission_file") : payload.data[0].get("xml_submission_file");
  results.push({ xml: await file.text(), wrong: wrongIn(root) });
}
process.stdout.write(JSON.stringify(results), () => process.exit(0));
