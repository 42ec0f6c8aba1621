/* Unfinished answers, and finished ones that could not be sent yet, sealed on the device.

   The key is handed out by an unlocked session alone, and stays in memory: without it
   the device holds nothing that can be read, nor which form it was. Locking forgets the
   key; signing out and leaving in a hurry also delete what is unfinished. */

import { Seal, Shelf, can, today } from "../vault/sealing.js";

const DRAFT_DAYS = 14;

/* --- one form's page */

export class Drafts {
  static async begin(page) {
    if (!can()) return null;
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
    await this.clearOld();
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

  async clearOld() {
    for (const row of await this.shelf.rows("d")) if (row.day < today() - DRAFT_DAYS) await this.shelf.remove(row.id);
  }

  forget() {
    clearTimeout(this.timer);
    this.seal = null;
  }

  /* Nothing unfinished stays, and the server locks too. */
  hurry() {
    this.forget();
    this.shelf.clear("d");
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
    this.shelf.clear("d").finally(() => target.submit());
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
      for (const row of await this.shelf.rows("q")) {
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
