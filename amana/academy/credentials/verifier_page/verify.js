/* Checks a certificate without a network, as engine/verdicts.py does on the server: first
   whether it can be read, then whose key signed it, whether that signature still fits,
   whether it was revoked, and only then the dates. Nothing is fetched, nothing is kept. */

"use strict";

const KNOWN = JSON.parse(document.getElementById("known").textContent);
const { contexts, trusted, lists, words } = KNOWN;
const MOST_BYTES = 64 * 1024;
const VC = "https://www.w3.org/ns/credentials/v2";
const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

class Fault extends Error {
  constructor(outcome, because) {
    super(because);
    this.outcome = outcome;
  }
}
const unreadable = (because) => new Fault("unreadable", because);
const altered = (because) => new Fault("altered", because);
const forged = (because) => new Fault("forged", because);

// --- shapes

const utf8 = (bytes) => {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw unreadable("neither text nor a picture");
  }
};

const isPng = (bytes) => bytes[0] === 0x89 && utf8Loose(bytes.subarray(1, 4)) === "PNG";
const utf8Loose = (bytes) => new TextDecoder().decode(bytes);

async function takenOut(bytes) {
  if (isPng(bytes)) return utf8(fromPng(bytes));
  const text = utf8(bytes).trim();
  const square = /^(?:https?:\/\/[^\s#]+#)?([0-9]{1,4300})$/.exec(text);
  if (square) return utf8(await unpacked(fromDigits(square[1]), "deflate", MOST_BYTES));
  if (text.startsWith("<")) return fromSvg(text);
  return text;
}

function fromPng(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const keyword = "openbadgecredential";
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const kind = utf8Loose(bytes.subarray(at + 4, at + 8));
    const content = bytes.subarray(at + 8, at + 8 + length);
    if (kind === "iTXt" && utf8Loose(content.subarray(0, keyword.length)) === keyword) {
      if (content[keyword.length + 1] !== 0) throw unreadable("a packed text in the picture");
      let start = keyword.length + 3;
      for (let nulls = 0; nulls < 2; start++) if (content[start] === 0) nulls++;
      return content.subarray(start);
    }
    at += 12 + length;
  }
  throw unreadable("no certificate in the picture");
}

function fromSvg(text) {
  const found = new DOMParser()
    .parseFromString(text, "image/svg+xml")
    .getElementsByTagName("openbadges:credential")[0];
  if (!found) throw unreadable("no certificate in the picture");
  return found.textContent.trim();
}

function fromDigits(text) {
  const hex = BigInt(text).toString(16);
  const even = hex.padStart(hex.length + (hex.length % 2), "0");
  return Uint8Array.from(even.match(/../g), (two) => Number.parseInt(two, 16));
}

function fromBase58(text) {
  let number = 0n;
  for (const letter of text) {
    const digit = BASE58.indexOf(letter);
    if (digit < 0) throw unreadable("not base58");
    number = number * 58n + BigInt(digit);
  }
  const bytes = [];
  for (; number > 0n; number >>= 8n) bytes.unshift(Number(number & 255n));
  const zeros = text.length - text.replace(/^1+/, "").length;
  return new Uint8Array([...new Array(zeros).fill(0), ...bytes]);
}

function fromBase64url(text) {
  if (!/^[\w-]*$/.test(text)) throw unreadable("not base64url");
  const plain = text.replaceAll("-", "+").replaceAll("_", "/");
  try {
    return Uint8Array.from(atob(plain), (letter) => letter.charCodeAt(0));
  } catch {
    throw unreadable("not base64url");
  }
}

async function unpacked(bytes, how, most) {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(how)).getReader();
  const parts = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > most) throw unreadable("too large when unpacked");
      parts.push(value);
    }
  } catch (error) {
    throw error instanceof Fault ? error : unreadable("can't be unpacked");
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

// --- what a signature covers

function parsed(text) {
  if (new TextEncoder().encode(text).length > MOST_BYTES) throw unreadable("larger than 64 kB");
  let found;
  try {
    found = JSON.parse(text);
  } catch {
    throw unreadable("not JSON");
  }
  if (found === null || typeof found !== "object" || Array.isArray(found)) throw unreadable("not a JSON object");
  return found;
}

function mustHavePlainNames(value) {
  if (Array.isArray(value)) value.forEach(mustHavePlainNames);
  else if (value !== null && typeof value === "object") {
    for (const [name, inner] of Object.entries(value)) {
      if (!/^[\p{L}\p{N}]+$/u.test(name)) throw altered(`not a plain name: ${name}`);
      mustHavePlainNames(inner);
    }
  }
}

async function pinned(url) {
  if (!Object.hasOwn(contexts, url)) throw unreadable(`an unknown context: ${url}`);
  return { contextUrl: null, documentUrl: url, document: contexts[url] };
}

function mustHavePinnedContexts(given) {
  const named = given["@context"];
  const known = Array.isArray(named) && named[0] === VC && named.every((one) => Object.hasOwn(contexts, one));
  if (!known) throw unreadable("contexts that are not ours");
}

/* An endorsement inside, which another body signed, has contexts too. */
function mustHaveOwnNames(given) {
  const { "@context": _, endorsement, ...rest } = given;
  mustHavePlainNames(rest);
  if (!Array.isArray(endorsement)) return mustHavePlainNames(endorsement ?? null);
  for (const inner of endorsement) {
    mustHavePinnedContexts(Object(inner));
    const { "@context": _, ...own } = Object(inner);
    mustHavePlainNames(own);
  }
}

async function canonical(given) {
  mustHavePinnedContexts(given);
  mustHaveOwnNames(given);
  const options = { documentLoader: pinned, base: null, safe: true };
  try {
    mustBeTellable(await jsonld.toRDF(given, { ...options, format: "application/n-quads" }));
    return await jsonld.canonize(given, { ...options, algorithm: "RDFC-1.0", format: "application/n-quads" });
  } catch (error) {
    if (error instanceof Fault) throw error;
    if (error.name === "jsonld.ValidationError") throw altered("not covered by the signature");
    throw unreadable(`not JSON-LD: ${error.name}`);
  }
}

function mustBeTellable(quads) {
  const seen = new Map();
  for (const quad of quads.split("\n")) {
    const parts = quad.split(" ");
    for (const label of new Set(parts.filter((word) => word.startsWith("_:")))) {
      const mine = parts.map((word) => (word.startsWith("_:") ? (word === label ? "_:a" : "_:z") : word)).join(" ");
      seen.set(label, [...(seen.get(label) ?? []), mine]);
    }
  }
  const alike = [...seen.values()].map((mine) => mine.sort().join("\n"));
  if (new Set(alike).size < alike.length) throw unreadable("nameless parts that can't be told apart");
}

async function digest(given) {
  const quads = new TextEncoder().encode(await canonical(given));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", quads));
}

// --- signatures

const issuerOf = (given) => {
  const issuer = given.issuer?.id ?? given.issuer;
  if (typeof issuer !== "string") throw unreadable("no issuer");
  return issuer;
};

function trustedKey(id, given) {
  if (typeof id !== "string" || !Object.hasOwn(trusted, id)) throw forged("a key that we do not know");
  if (id.split("#")[0] !== issuerOf(given)) throw forged("signed by another than the issuer");
  return trusted[id];
}

async function checkProof(given) {
  const { proof, ...body } = given;
  issuerOf(given);
  if (!proof || typeof proof !== "object" || Array.isArray(proof) || typeof proof.proofValue !== "string") {
    throw altered("no proof");
  }
  const kind = [proof.type, proof.cryptosuite, proof.proofPurpose].join();
  if (kind !== "DataIntegrityProof,eddsa-rdfc-2022,assertionMethod") {
    throw unreadable("not an eddsa-rdfc-2022 assertion");
  }
  const method = proof.verificationMethod;
  const multikey = fromBase58(trustedKey(method, given).publicKeyMultibase.slice(1));
  const { proofValue, ...config } = proof;
  const data = new Uint8Array([
    ...(await digest({ "@context": given["@context"], ...config })),
    ...(await digest(body)),
  ]);
  const key = await crypto.subtle.importKey("raw", multikey.subarray(2), "Ed25519", false, ["verify"]);
  const fits = await crypto.subtle.verify("Ed25519", key, fromBase58(proofValue.slice(1)), data);
  if (!fits) throw altered("the signature does not fit");
  return [given, method];
}

async function checkToken(text) {
  const parts = text.split(".");
  if (parts.length !== 3) throw unreadable("not a signed token");
  const [header, claims] = parts.slice(0, 2).map((part) => parsed(utf8(fromBase64url(part))));
  if (header.alg !== "ES256" || Object.keys(header).sort().join() !== "alg,kid,typ") {
    throw unreadable("not an ES256 token of ours");
  }
  const how = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const jwk = trustedKey(header.kid, claims).publicKeyJwk;
  const key = await crypto.subtle.importKey("jwk", jwk, how, false, ["verify"]);
  const signed = new TextEncoder().encode(`${parts[0]}.${parts[1]}`);
  const fits = await crypto.subtle.verify(how, key, fromBase64url(parts[2]), signed);
  if (!fits) throw altered("the signature does not fit");
  return [claims, header.kid];
}

// --- the verdict

async function verdict(bytes, statuses) {
  try {
    const text = await takenOut(bytes);
    const [given, method] = await (text.startsWith("{") ? checkProof(parsed(text)) : checkToken(text));
    const says = read(given);
    const listedAt = await listOf(given, statuses);
    const revoked = listedAt !== null && (await isRevoked(given.credentialStatus, listedAt.list));
    const now = new Date();
    const outcome = revoked ? "revoked"
      : says.from > now ? "early"
      : says.until && says.until < now ? "expired"
      : "valid";
    return { outcome, method, says, listedAt: listedAt?.at ?? null };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { outcome: error.outcome, because: error.message };
  }
}

async function listOf(given, statuses) {
  const entry = given.credentialStatus;
  if (entry === undefined) return null;
  if (entry?.statusPurpose !== "revocation") throw unreadable("a status that is not ours");
  let newest = null;
  for (const list of statuses) {
    if (list?.id !== entry.statusListCredential) continue;
    try {
      const [, method] = await checkProof(list);
      if (method.split("#")[0] !== issuerOf(given)) continue;
    } catch (error) {
      if (error instanceof Fault) continue;
      throw error;
    }
    const at = new Date(list.validFrom);
    if (!newest || at >= newest.at) newest = { list, at };
  }
  return newest;
}

async function isRevoked(entry, list) {
  const place = Number(entry.statusListIndex);
  const encoded = list.credentialSubject.encodedList;
  const bits = await unpacked(fromBase64url(encoded.slice(1)), "gzip", 1 << 21);
  if (!(place >= 0 && place < bits.length * 8) || bits.length * 8 < 131072) {
    throw unreadable("a list that is too short");
  }
  return Boolean(bits[place >> 3] & (0x80 >> place % 8));
}

function read(given) {
  try {
    const subject = given.credentialSubject;
    const names = (subject.identifier ?? []).filter((one) => one.identityType === "name" && one.hashed === false);
    const until = given.validUntil;
    const found = {
      issuer: given.issuer.name ?? issuerOf(given),
      achievement: String(subject.achievement.name),
      name: names[0]?.identityHash ?? "",
      from: new Date(given.validFrom),
      until: until === undefined ? null : new Date(until),
      endorsements: (given.endorsement ?? []).map((one) => [
        String(one.issuer.name ?? one.issuer.id),
        String(one.credentialSubject.endorsementComment ?? ""),
      ]),
      evidence: (given.evidence ?? []).map((one) => [String(one.name), String(one.narrative ?? "")]),
    };
    if (isNaN(found.from) || (found.until && isNaN(found.until))) throw new Error("no date");
    return found;
  } catch (error) {
    throw error instanceof Fault ? error : unreadable("no Open Badge");
  }
}

// --- the page

const day = (at) => new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long" }).format(at);

function tell(found) {
  const said = words.outcomes[found.outcome];
  const out = document.getElementById("verdict");
  out.hidden = false;
  out.dataset.outcome = found.outcome;
  out.dataset.tone = said.tone;
  document.getElementById("title").textContent = said.title;
  document.getElementById("sentence").textContent = said.sentence;
  const revoked = found.outcome === "revoked" ? words.yes : words.no;
  const facts = found.says
    ? [
        [words.achievement, found.says.achievement],
        [words.name, found.says.name || words.unnamed],
        [words.issuer, found.says.issuer],
        [words.from, day(found.says.from)],
        [words.until, found.says.until ? day(found.says.until) : words.endless],
        ...found.says.evidence,
        ...found.says.endorsements.map(([name, comment]) => [`${words.endorsed} ${name}`, comment]),
        [words.revoked, found.listedAt ? `${revoked} ${words.asOf} ${day(found.listedAt)}` : words.notLookedUp],
        [words.key, found.method],
      ]
    : [];
  document.getElementById("facts").replaceChildren(
    ...facts.map(([label, value]) => {
      const row = document.createElement("div");
      const term = document.createElement("dt");
      const words = document.createElement("dd");
      term.textContent = label;
      words.textContent = value;
      words.dir = "auto";
      row.append(term, words);
      return row;
    }),
  );
  document.getElementById("title").focus();
}

const bytesOf = async (file) => new Uint8Array(await file.arrayBuffer());

async function check() {
  const [file] = document.getElementById("file").files;
  const [list] = document.getElementById("list").files;
  const text = document.getElementById("text").value;
  const given = file ? await bytesOf(file) : new TextEncoder().encode(text);
  let statuses = lists;
  if (list) {
    try {
      statuses = [...lists, JSON.parse(utf8(await bytesOf(list)))];
    } catch {
      statuses = lists;
    }
  }
  try {
    tell(await verdict(given, statuses));
  } catch (error) {
    // An old browser knows no Ed25519: that says nothing of the certificate.
    tell({ outcome: "unable", because: error.message });
    throw error;
  }
}

document.getElementById("form").addEventListener("submit", (event) => {
  event.preventDefault();
  check();
});

/* Opened by a QR code: what follows "#" is the certificate. It leaves the address first. */
function checkFromAddress() {
  const given = location.hash.slice(1);
  if (!given) return;
  history.replaceState(null, "", location.pathname);
  document.getElementById("form").reset();
  document.getElementById("text").value = given;
  check();
}
window.addEventListener("hashchange", checkFromAddress);
checkFromAddress();
