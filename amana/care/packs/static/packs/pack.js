/* An offline pack on this device: cases sealed to a key pair whose private half lies under
   the pack's phrase. Ten wrong tries, the end of its time, a word from the server or the
   duress phrase, and it is gone; what is left is a secret that tells the server so. Of
   that nobody can see by which of the four it was. */

import { JITTER, TRIES, hex, newPair, open, place, sealTo, unwrap, usable, wrap } from "../vault/sealing.js";

const ID = "pack";
const AT = place("pack opener");
const encoder = new TextEncoder();
const text = new TextDecoder();

export class Pack {
  constructor(shelf, row) { Object.assign(this, { shelf, row }); }

  static async of(shelf) {
    const row = await shelf.get(ID, "openers");
    return row ? new Pack(shelf, row) : null;
  }

  /* In place of the one before. Without a duress phrase one is made that nobody knows, so
     that none can be seen to be missing. */
  static async make(shelf, { pack, left, contact, duress, cases }, phrase, duressPhrase) {
    await (await Pack.of(shelf))?.wipe();
    const { secret, point } = await newPair();
    const unknown = hex(crypto.getRandomValues(new Uint8Array(32)));
    const row = {
      id: ID,
      pack,
      contact,
      point,
      seen: Date.now(),
      until: Date.now() + left,
      tries: 0,
      own: await wrap(phrase, secret, AT),
      other: await wrap(duressPhrase || unknown, encoder.encode(duress), AT),
    };
    secret.fill(0);
    for (const [at, content] of cases.entries()) {
      const id = `p${at}`;
      await shelf.put({ id, sealed: await sealTo(point, place("pack", pack, id), content) });
    }
    await shelf.put(row, "openers");
    return new Pack(shelf, row);
  }

  /* "over", "clock" where it was set back, or "" where it may be opened. What was seen
     once is not forgotten: a clock that is set back opens nothing. */
  async state(now = Date.now()) {
    if (now < this.row.seen - JITTER) return "clock";
    if (now >= this.row.until) { await this.wipe(); return "over"; }
    this.row.seen = Math.max(now, this.row.seen);
    await this.shelf.put(this.row, "openers");
    return "";
  }

  /* The cases; or how many tries are left; or why not. A try is counted before, and both
     phrases are always tried, so that they take the same time. */
  async open(phrase) {
    const why = await this.state();
    if (why) return { why };
    const { row, shelf } = this;
    row.tries += 1;
    await shelf.put(row, "openers");
    const [secret, duress] = await Promise.all([unwrap(phrase, row.own, AT), unwrap(phrase, row.other, AT)]);
    if (duress) { await this.wipe(text.decode(duress)); return { why: "over" }; }
    if (!secret) {
      if (row.tries >= TRIES) { await this.wipe(); return { why: "over" }; }
      return { left: TRIES - row.tries };
    }
    row.tries = 0;
    await shelf.put(row, "openers");
    const key = { secret: await usable(secret), point: row.point };
    const found = [];
    for (const { id, sealed } of await shelf.rows("p")) {
      const content = await open(key, place("pack", row.pack, id), sealed);
      if (content) found.push(content);
    }
    return { found };
  }

  /* What tells the server lies there first: a device that is switched off meanwhile says
     so too. A word of duress that was not sent yet stays. */
  async wipe(secret = this.row.contact) {
    const { pack, contact } = this.row;
    const id = `r${pack}`;
    if (secret !== contact || !(await this.shelf.get(id))) await this.shelf.put({ id, pack, secret });
    await this.shelf.remove(ID, "openers");
    for (const { id: part } of await this.shelf.rows("p")) await this.shelf.remove(part);
  }
}

/* With a network: say what is gone, and ask whether what is here may stay. "gone" where
   it may not; it is wiped then, before anything else. */
export const contact = async (shelf, url) => {
  const post = async (body) => {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body), credentials: "omit" }).catch(() => null);
    return answer?.ok ? (await answer.json().catch(() => null))?.state : null;
  };
  let state = null;
  const pack = await Pack.of(shelf);
  if (pack) {
    state = await post({ pack: pack.row.pack, secret: pack.row.contact });
    if (state === "gone") await pack.wipe();
  }
  for (const { id, pack: gone, secret } of await shelf.rows("r"))
    if (await post({ pack: gone, secret, gone: true })) await shelf.remove(id);
  return state;
};
