/* Unfinished answers, and finished ones that could not be sent yet, sealed on the device.

   The key is handed out by an unlocked session alone, and stays in memory: without it
   the device holds nothing that can be read, nor which form it was. Locking forgets the
   key; signing out and leaving in a hurry also delete what is unfinished. */

const DATABASE = "kept";
const STORE = "sealed";
const DRAFT_DAYS = 14;
const BLOCK = 1024; /* sizes say little of what is in it */

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const today = () => Math.floor(Date.now() / 864e5);
const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/* --- sealing */

class Seal {
  static async of(base64) {
    const raw = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const root = await crypto.subtle.importKey("raw", raw, "HKDF", false, ["deriveKey"]);
    raw.fill(0);
    const derive = (info, algorithm, uses) => crypto.subtle.deriveKey(
      { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info: encoder.encode(info) }, root, algorithm, false, uses);
    const seal = new Seal();
    seal.content = await derive("content", { name: "AES-GCM", length: 256 }, ["encrypt", "decrypt"]);
    seal.names = await derive("names", { name: "HMAC", hash: "SHA-256", length: 256 }, ["sign"]);
    return seal;
  }

  /* A name that only this key makes of these words. */
  async name(kind, words) {
    const signed = new Uint8Array(await crypto.subtle.sign("HMAC", this.names, encoder.encode(`${kind} ${words}`)));
    return kind + [...signed].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  async close(id, content) {
    const plain = encoder.encode(JSON.stringify(content));
    const padded = new Uint8Array(Math.ceil((plain.length + 1) / BLOCK) * BLOCK).fill(32);
    padded.set(plain);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: encoder.encode(id) }, this.content, padded);
    return { id, day: today(), iv, sealed };
  }

  /* null: sealed by someone else, or altered. */
  async open({ id, iv, sealed }) {
    try {
      const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: encoder.encode(id) }, this.content, sealed);
      return JSON.parse(decoder.decode(plain));
    } catch (error) {
      if (error instanceof DOMException) return null;
      throw error;
    }
  }
}

/* --- where it lies */

class Shelf {
  static async open() {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    const shelf = new Shelf();
    shelf.database = await done(request);
    return shelf;
  }

  store(mode = "readwrite") {
    const transaction = this.database.transaction(STORE, mode);
    return [transaction.objectStore(STORE), transaction];
  }
  get(id) { return done(this.store("readonly")[0].get(id)); }
  put(row) { return done(this.store()[0].put(row)); }
  remove(id) { return done(this.store()[0].delete(id)); }
  queued() { return done(this.store("readonly")[0].getAll(IDBKeyRange.bound("q", "r", false, true))); }

  /* At once, also when the page is about to go. */
  clearDrafts() {
    const [store, transaction] = this.store();
    const cleared = done(store.delete(IDBKeyRange.bound("d", "e", false, true)));
    transaction.commit();
    return cleared;
  }

  async clearOld() {
    const rows = await done(this.store("readonly")[0].getAll(IDBKeyRange.bound("d", "e", false, true)));
    for (const row of rows) if (row.day < today() - DRAFT_DAYS) await this.remove(row.id);
  }
}

/* --- one form's page */

export class Drafts {
  static async begin(page) {
    if (!globalThis.indexedDB || !globalThis.crypto?.subtle) return null;
    const drafts = new Drafts();
    Object.assign(drafts, { page, place: page.sheet.getAttribute("action"), seal: null, timer: 0, sending: false });
    drafts.shelf = await Shelf.open();
    drafts.listen();
    await drafts.unlocked();
    return drafts;
  }

  /* Ask an unlocked session for the key; bring back what was kept. */
  async unlocked() {
    const answer = await fetch(this.page.plan.key, { headers: { Accept: "application/json" } }).catch(() => null);
    const kind = answer?.headers.get("Content-Type") ?? "";
    if (!answer?.ok || !kind.startsWith("application/json")) return;
    this.seal = await Seal.of((await answer.json()).key);
    await this.shelf.clearOld();
    await this.bringBack();
    await this.sendQueued();
  }

  listen() {
    const { whose } = document.querySelector("script[data-whose]").dataset;
    const tabs = new BroadcastChannel(`amana-presence ${whose}`);
    tabs.addEventListener("message", ({ data }) => {
      if (data === "locked") this.forget();
      if (data === "unlocked") this.unlocked();
    });
    addEventListener("online", () => (this.seal ? this.sendQueued() : this.unlocked()));
    addEventListener("pagehide", () => this.forget());
    addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); });
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.keep(); });
    document.addEventListener("submit", (event) => this.leaving(event), true);
    addEventListener("quickexit", () => this.hurry());
  }

  forget() {
    clearTimeout(this.timer);
    this.seal = null;
  }

  /* Nothing unfinished stays, and the server locks too. */
  hurry() {
    this.forget();
    this.shelf.clearDrafts();
    const body = new URLSearchParams({ csrfmiddlewaretoken: this.page.hidden("csrfmiddlewaretoken").value });
    fetch(this.page.plan.lock, { method: "POST", body, keepalive: true }).catch(() => null);
  }

  /* Locking and signing out are forms elsewhere on the page. */
  leaving(event) {
    const { target } = event;
    const to = target.getAttribute("action");
    if (to === this.page.plan.lock) this.forget();
    if (to !== this.page.plan.leave || this.left) return;
    event.preventDefault();
    this.left = true;
    this.forget();
    this.shelf.clearDrafts().finally(() => target.submit());
  }

  changed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), 400);
  }

  async keep() {
    if (!this.seal || this.sending || !this.dirty()) return;
    const { seal } = this;
    const id = await seal.name("d", this.place);
    await this.shelf.put(await seal.close(id, { fields: this.page.fields() }));
    this.kept = JSON.stringify(this.page.fields());
  }
  dirty() { return JSON.stringify(this.page.fields()) !== this.kept; }

  async bringBack() {
    this.kept ??= JSON.stringify(this.page.fields());
    if (!this.page.plan.fresh || this.back) return;
    const row = await this.shelf.get(await this.seal.name("d", this.place));
    const draft = row && (await this.seal.open(row));
    if (!draft) return;
    this.back = true;
    this.show(draft.fields);
    this.say("back", "info", () => this.anew());
  }

  show(fields) {
    const given = {};
    for (const [name, value] of fields) {
      if (name === "form:instance" || name === "_once") this.page.hidden(name).value = value;
      else if (name === "form:step") this.step = Number(value);
      else if (!name.startsWith("form:")) given[name] = name in given ? `${given[name]} ${value}`.trim() : value;
    }
    this.page.put(given);
    if (this.step) this.page.go(this.step, false);
  }

  async anew() {
    clearTimeout(this.timer);
    this.sending = true;
    await this.shelf.remove(await this.seal.name("d", this.place));
    location.reload();
  }

  /* --- sending */

  /* Into the queue first, so that nothing is lost on the way; then out of it. */
  async finish() {
    if (!this.seal) await this.unlocked();
    if (!this.seal) return navigator.onLine ? this.page.sheet.submit() : this.say("stay", "late");
    clearTimeout(this.timer);
    this.sending = true;
    const fields = [...this.page.fields(), ["form:to", "finish"]];
    const entry = { place: this.place, fields };
    const id = await this.seal.name("q", new Map(fields).get("form:instance"));
    await this.shelf.put(await this.seal.close(id, entry));
    const answer = await this.post(entry);
    const draft = await this.seal.name("d", this.place);
    if (answer === "offline") {
      await this.shelf.remove(draft);
      return this.wait();
    }
    if (answer.sent) await this.shelf.remove(draft);
    else await this.shelf.put(await this.seal.close(draft, { fields }));
    await this.shelf.remove(id);
    if (answer.sent) return location.assign(answer.to);
    return this.page.sheet.submit(); /* the server's own page says what it is */
  }

  wait() {
    this.page.sheet.inert = true;
    this.page.sheet.hidden = true;
    this.say("kept", "due");
  }

  async post({ place, fields }) {
    const token = this.page.hidden("csrfmiddlewaretoken").value;
    const body = new URLSearchParams([...fields, ["csrfmiddlewaretoken", token]]);
    try {
      const answer = await fetch(place, { method: "POST", body, headers: { "HX-Request": "true" } });
      const to = answer.headers.get("HX-Redirect") ?? answer.headers.get("X-Leads-To") ?? (answer.redirected ? answer.url : "");
      const outside = to && this.page.plan.outside.includes(new URL(to, location).pathname);
      return { sent: answer.ok && to && !outside, to, locked: outside || answer.status === 409 };
    } catch (error) {
      if (error instanceof TypeError) return "offline";
      throw error;
    }
  }

  async sendQueued() {
    if (!this.seal || !navigator.onLine || this.draining) return;
    this.draining = true;
    try {
      for (const row of await this.shelf.queued()) {
        const entry = this.seal && (await this.seal.open(row));
        if (!entry) continue;
        const answer = await this.post(entry);
        if (answer === "offline") break;
        if (answer.locked) { this.say("locked", "due"); break; }
        await this.shelf.remove(row.id);
        if (answer.sent) this.sent(entry, answer);
        else await this.refused(entry);
      }
    } finally {
      this.draining = false;
    }
  }

  sent(entry, { to }) {
    if (entry.place === this.place && this.page.sheet.inert) location.assign(to);
    else this.say("sent", "good");
  }

  /* Not accepted: an unfinished one again. */
  async refused(entry) {
    const id = await this.seal.name("d", entry.place);
    await this.shelf.put(await this.seal.close(id, { fields: entry.fields }));
    this.say("refused", "late");
    if (entry.place !== this.place) return;
    this.page.sheet.inert = this.page.sheet.hidden = this.sending = false;
    this.show(entry.fields);
  }

  say(what, tone, undo = null) {
    const { make, plan, sheet } = this.page;
    document.querySelector("[data-drafts]")?.remove();
    const notice = make("div", { class: "notice", "data-tone": tone, role: "status", "data-drafts": what });
    notice.append(make("p", {}, plan.words[what]));
    if (undo) {
      const button = make("button", { type: "button", class: "button", "data-kind": "quiet" }, plan.words.anew);
      button.addEventListener("click", undo);
      notice.append(button);
    }
    sheet.before(notice);
  }
}
