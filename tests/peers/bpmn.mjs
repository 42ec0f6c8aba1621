/* bpmn-moddle reads a BPMN file: the XML on standard input as a JSON text; on standard
   output what it warns of, and how many things of each kind it found. */

import { readFileSync } from "node:fs";
import { BpmnModdle } from "bpmn-moddle";

const moddle = new BpmnModdle();
const xml = JSON.parse(readFileSync(0, "utf8"));
const { rootElement, warnings, elementsById } = await moddle.fromXML(xml);

const kinds = {};
for (const { $type } of Object.values(elementsById)) kinds[$type] = (kinds[$type] ?? 0) + 1;

const again = await moddle.toXML(rootElement);
const { elementsById: kept } = await moddle.fromXML(again.xml);

process.stdout.write(JSON.stringify({
  warnings: warnings.map(({ message }) => message),
  kinds,
  lost: Object.keys(elementsById).filter((id) => !(id in kept)),
}));
