/* What lies on a device, sealed.

   - `sealTo` and `open`: to a public key, as the server does it (RFC 9180, base mode,
     P-256, HKDF-SHA256, AES-256-GCM: old phones can).
   - `Opener`: a worker's key pair, its private half under their passphrase alone. Ten wrong
     tries, and it is gone with all that it opens.
   - `Shelf`: where it lies; no name and no id there says anything of a person. */

const DATABASE = "kept";
const BLOCK = 1024; /* sizes say little of what is in it */
const FINISHED = 4096;
export const HOUR = 36e5;
const MOST_HOURS = 72;
const SET_BACK_COSTS = 24 * HOUR;
export const JITTER = 5 * 6e4;
export const TRIES = 10;
const ROUNDS = 600_000;
const FROM_BROWSER = 3;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const today = () => Math.floor(Date.now() / 864e5);
const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

export const can = () => Boolean(globalThis.indexedDB && globalThis.crypto?.subtle);
export const newId = () => {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
};
export const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
export const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
export const toBase64 = (bytes) => {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
};

const joined = (...parts) => {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) { all.set(part, at); at += part.length; }
  return all;
};
const padded = (content, block) => {
  const plain = encoder.encode(JSON.stringify(content));
  const all = new Uint8Array(Math.ceil((plain.length + 1) / block) * block).fill(32);
  all.set(plain);
  return all;
};
const short = (number) => new Uint8Array([number >> 8, number & 255]);

/* The place of a blob, as `crypto.bound` writes it. */
export const place = (...parts) => joined(encoder.encode("amana"), ...parts.flatMap((part) => {
  const text = encoder.encode(String(part));
  return [new Uint8Array([text.length >>> 24, text.length >>> 16, text.length >>> 8, text.length]), text];
}));

/* --- to a public key (RFC 9180; sections by their numbers) */

const P256 = { name: "ECDH", namedCurve: "P-256" };
const KEM = joined(encoder.encode("KEM"), short(0x0010));
const HPKE = joined(encoder.encode("HPKE"), short(0x0010), short(0x0001), short(0x0002));
const VERSION = encoder.encode("HPKE-v1");
const NOTHING = new Uint8Array();

const hmac = async (key, data) => {
  const made = await crypto.subtle.importKey("raw", key.length ? key : new Uint8Array(32), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", made, data));
};
/* 4: labelled; at most 32 bytes are ever wanted, one block of HKDF-Expand. */
const extract = (suite, salt, label, secret) => hmac(salt, joined(VERSION, suite, encoder.encode(label), secret));
const expand = async (suite, key, label, info, length) =>
  (await hmac(key, joined(short(length), VERSION, suite, encoder.encode(label), info, new Uint8Array([1])))).subarray(0, length);

/* 4.1 */
const shared = async (secret, others, context) => {
  const dh = new Uint8Array(await crypto.subtle.deriveBits({ name: "ECDH", public: others }, secret, 256));
  return expand(KEM, await extract(KEM, NOTHING, "eae_prk", dh), "shared_secret", context, 32);
};
/* 5.1, mode_base */
const schedule = async (secret, info, uses) => {
  const ids = await extract(HPKE, NOTHING, "psk_id_hash", NOTHING);
  const context = joined(new Uint8Array([0]), ids, await extract(HPKE, NOTHING, "info_hash", info));
  const root = await extract(HPKE, secret, "secret", NOTHING);
  const key = await crypto.subtle.importKey("raw", await expand(HPKE, root, "key", context, 32), "AES-GCM", false, uses);
  return [{ name: "AES-GCM", iv: await expand(HPKE, root, "base_nonce", context, 12) }, key];
};

/* `to`: the uncompressed point, 65 bytes. */
export const sealTo = async (to, at, content, block = BLOCK) => {
  const others = await crypto.subtle.importKey("raw", to, P256, true, []);
  const pair = await crypto.subtle.generateKey(P256, true, ["deriveBits"]);
  const sent = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const [how, key] = await schedule(await shared(pair.privateKey, others, joined(sent, to)), at, ["encrypt"]);
  return joined(new Uint8Array([FROM_BROWSER]), sent, new Uint8Array(await crypto.subtle.encrypt(how, key, padded(content, block))));
};

/* null: of another key or place, or altered. */
export const open = async ({ secret, point }, at, sealed) => {
  try {
    const sent = sealed.subarray(1, 66);
    const others = await crypto.subtle.importKey("raw", sent, P256, true, []);
    const [how, key] = await schedule(await shared(secret, others, joined(sent, point)), at, ["decrypt"]);
    return JSON.parse(decoder.decode(await crypto.subtle.decrypt(how, key, sealed.subarray(66))));
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
};

/* --- where it lies */

export class Shelf {
  static async open() {
    const request = indexedDB.open(DATABASE, 2);
    request.onupgradeneeded = () => {
      for (const store of ["sealed", "openers"])
        if (!request.result.objectStoreNames.contains(store)) request.result.createObjectStore(store, { keyPath: "id" });
    };
    const shelf = new Shelf();
    shelf.database = await done(request);
    shelf.database.onversionchange = () => shelf.database.close();
    return shelf;
  }

  store(mode = "readwrite", name = "sealed") {
    const transaction = this.database.transaction(name, mode);
    return [transaction.objectStore(name), transaction];
  }
  /* Resolved when it is on the disk, and not before. */
  write(act, name = "sealed") {
    const [store, transaction] = this.store("readwrite", name);
    const written = new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
    act(store);
    return written;
  }
  get(id, name = "sealed") { return done(this.store("readonly", name)[0].get(id)); }
  put(row, name = "sealed") { return this.write((store) => store.put(row), name); }
  /* In place of the row that has this mark; false, and nothing is written, of another. */
  async swap(row, mark) {
    let same = false;
    await this.write((store) => {
      const there = store.get(row.id);
      there.onsuccess = () => { same = there.result?.mark === mark; if (same) store.put(row); };
    });
    return same;
  }
  remove(id, name = "sealed") { return this.write((store) => store.delete(id), name); }
  /* All whose id begins with this letter. */
  rows(kind, name = "sealed") { return done(this.store("readonly", name)[0].getAll(within(kind))); }
}
const within = (kind) => IDBKeyRange.bound(kind, String.fromCharCode(kind.charCodeAt(0) + 1), false, true);

/* --- time, by a clock that anyone can set */

/* So much less of a row's time is left. A clock that is set back costs a day. */
export const aged = (row, now = Date.now()) => {
  const passed = now - row.seen;
  return { ...row, seen: now, left: row.left - (passed < -JITTER ? SET_BACK_COSTS : Math.max(0, passed)) };
};
export const fresh = () => ({ seen: Date.now(), left: MOST_HOURS * HOUR });

/* --- by the worker's passphrase */

const stretched = async (passphrase, salt, rounds, uses) => {
  const typed = await crypto.subtle.importKey("raw", encoder.encode(passphrase.normalize("NFKC")), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds }, typed, { name: "AES-GCM", length: 256 }, false, uses);
};

/* A secret under a phrase: only that opens it, at this place. */
export const wrap = async (passphrase, secret, at) => {
  const [salt, iv] = [16, 12].map((length) => crypto.getRandomValues(new Uint8Array(length)));
  const key = await stretched(passphrase, salt, ROUNDS, ["encrypt"]);
  const wrapped = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: at }, key, secret);
  return { salt, iv, wrapped, rounds: ROUNDS };
};
export const unwrap = async (passphrase, { salt, iv, wrapped, rounds }, at) => {
  const key = await stretched(passphrase, salt, rounds, ["decrypt"]);
  return crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: at }, key, wrapped).catch(() => null);
};
/* Whoever writes needs the point alone. */
export const newPair = async () => {
  const pair = await crypto.subtle.generateKey(P256, true, ["deriveBits"]);
  return {
    secret: new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey)),
    point: new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)),
  };
};
export const usable = async (secret) => {
  const opened = await crypto.subtle.importKey("pkcs8", secret, P256, false, ["deriveBits"]);
  new Uint8Array(secret).fill(0);
  return opened;
};

export class Opener {
  /* `whose` tells the workers of one device apart, and nothing else of them. */
  constructor(shelf, row) { Object.assign(this, { shelf, row }); }

  static async of(shelf, whose) {
    const row = await shelf.get(whose, "openers");
    return row ? new Opener(shelf, row) : null;
  }

  /* In place of the one before, which takes along what it opens. */
  static async make(shelf, whose, passphrase) {
    const { secret, point } = await newPair();
    const sealed = await wrap(passphrase, secret, place("opener", whose));
    secret.fill(0);
    const opener = new Opener(shelf, { id: whose, ...sealed, point, tries: 0 });
    await opener.wipe();
    await shelf.put(opener.row, "openers");
    return opener;
  }

  at(id) { return place("unfinished", this.row.id, id); }

  /* The unfinished of this worker that have time left; others go. */
  async unfinished() {
    const mine = (await this.shelf.rows("u")).filter((row) => row.whose === this.row.id);
    const kept = [];
    for (const row of mine.map((found) => aged(found))) {
      if (row.left <= 0) await this.shelf.remove(row.id);
      else { await this.shelf.put(row); kept.push(row); }
    }
    return kept;
  }

  /* Needs no secret. Where another page has written or finished the same draft since, this
     one goes on as a draft of its own. */
  keep(draft, content) { return this.after(() => (draft.finished ? { left: 1, alone: true } : this.written(draft, content))); }
  after(act) {
    this.last = (this.last ?? Promise.resolve()).catch(() => null).then(act);
    return this.last;
  }
  async written(draft, content) {
    const { seen, left, mark } = aged(draft.time);
    if (left <= 0) { await this.shelf.remove(`u${draft.id}`); return { left }; }
    const next = newId();
    const put = async (before) => {
      const id = `u${draft.id}`;
      const sealed = await sealTo(this.row.point, this.at(id), content);
      return this.shelf.swap({ id, whose: this.row.id, seen, left, mark: next, sealed }, before);
    };
    const alone = await put(mark);
    if (!alone) { draft.id = newId(); await put(); }
    draft.time = { seen, left, mark: next };
    return { left, alone };
  }

  /* The key, or how many tries are left; at none all is wiped. A try is counted before. */
  async unlock(passphrase) {
    const { row, shelf } = this;
    row.tries += 1;
    await shelf.put(row, "openers");
    const secret = await unwrap(passphrase, row, place("opener", row.id));
    if (!secret) {
      if (row.tries >= TRIES) { await this.wipe(); await shelf.remove(row.id, "openers"); }
      return { left: Math.max(0, TRIES - row.tries) };
    }
    row.tries = 0;
    await shelf.put(row, "openers");
    return { secret: await usable(secret), point: row.point };
  }

  /* All that is unfinished, or how many tries are left. */
  async openAll(passphrase) {
    const key = await this.unlock(passphrase);
    if (!key.secret) return key;
    const found = [];
    for (const row of await this.unfinished()) {
      const content = await open(key, this.at(row.id), row.sealed);
      if (content) found.push([{ id: row.id.slice(1), time: { seen: row.seen, left: row.left, mark: row.mark } }, content]);
    }
    return { found };
  }

  /* To a team's key, as of this worker; what only the passphrase opened goes. */
  finish(draft, to, content) {
    return this.after(async () => {
      const { id } = draft;
      const sealed = await sealTo(fromBase64(to.public), place("draft", to.key, id, this.row.id), content, FINISHED);
      await this.shelf.write((store) => {
        store.put({ id: `f${id}`, key: to.key, whose: this.row.id, day: today(), sealed });
        store.delete(`u${id}`);
      });
      draft.finished = true;
    });
  }
  /* Refused: unfinished again, by an id that is not taken. */
  async again(draft, content) {
    await this.shelf.remove(`f${draft.id}`);
    Object.assign(draft, { id: newId(), finished: false });
    delete draft.time.mark;
    return this.keep(draft, content);
  }

  async wipe() {
    for (const row of await this.shelf.rows("u")) if (row.whose === this.row.id) await this.shelf.remove(row.id);
  }
}

/* --- nobody is there */

const IDLE = 10 * 6e4;
export const whenAway = (act) => {
  let timer;
  const present = () => { clearTimeout(timer); timer = setTimeout(act, IDLE); };
  for (const sign of ["pointerdown", "keydown", "touchmove"]) document.addEventListener(sign, present, { passive: true });
  present();
};
