/* The answers of a form, kept on the device as a first meeting is (ADR 48): unfinished
   ones open by the worker's passphrase, finished ones are sealed to a team and sent when
   there is a network. Here no form is known, only where its answers belong (`about`). */

import { Opener, Shelf, can, fresh, newId, whenAway } from "../vault/sealing.js";
import { enter, notice, send } from "../vault/sending.js";

export class Drafts {
  static async begin(page) {
    const { make, sheet } = page;
    const plan = page.plan.drafts;
    const drafts = new Drafts();
    Object.assign(drafts, { page, plan, sheet, make, words: plan.words, timer: 0, about: plan.about, to: plan.to });
    if (!can()) return drafts.say({ state: "cannot" });
    drafts.shelf = await Shelf.open();
    drafts.opener = await Opener.of(drafts.shelf, plan.whose);
    if (plan.alone && (!drafts.opener || (await drafts.isAnothers()))) return location.replace(plan.meet);
    if (!drafts.opener) return drafts.say({ state: "unready", url: plan.ready, link: plan.words.ready });
    await drafts.start();
    return drafts;
  }

  /* A second worker of this device; a slow network is not waited for. */
  async isAnothers() {
    const worker = navigator.onLine && (await Promise.race([enter(this.plan.pass), new Promise((late) => setTimeout(late, 3e3))]));
    return Boolean(worker?.whose) && worker.whose !== this.plan.whose;
  }

  async start() {
    const id = this.plan.alone ? newId() : this.page.hidden("form:instance").value.slice(5);
    const { seen, left, mark } = (await this.shelf.get(`u${id}`)) ?? fresh();
    this.draft = { id, time: { seen, left, mark }, times: {} };
    this.empty = JSON.stringify(this.page.fields());
    this.listen();
    await this.offer();
    await this.send();
  }

  listen() {
    addEventListener("online", () => this.send());
    addEventListener("pagehide", () => this.keep());
    addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); });
    addEventListener("quickexit", () => this.lock());
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.keep(); });
    if (this.plan.alone) whenAway(async () => { await this.keep(); location.reload(); });
    this.opening?.addEventListener("submit", (event) => {
      event.preventDefault();
      const input = this.opening.querySelector("[type=password]");
      const typed = input.value;
      input.value = "";
      this.unlock(typed);
    });
  }
  get opening() { return document.querySelector("[data-opening]"); }

  /* Who leaves in a hurry locks the server too; what is kept here is sealed. */
  lock() {
    const token = this.page.hidden("csrfmiddlewaretoken")?.value;
    if (!token) return;
    const body = new URLSearchParams({ csrfmiddlewaretoken: token });
    fetch(this.plan.lock, { method: "POST", body, keepalive: true }).catch(() => null);
  }

  changed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), 300);
  }

  content() {
    return { ...this.about, to: this.to, page: this.plan.page, title: this.plan.title, times: this.draft.times, fields: this.page.fields() };
  }

  async keep() {
    clearTimeout(this.timer);
    const fields = JSON.stringify(this.page.fields());
    if (this.draft.finished || fields === this.kept || fields === this.empty) return;
    this.kept = fields;
    this.draft.times.begun ??= Date.now();
    try {
      const { left, alone } = await this.opener.keep(this.draft, this.content());
      if (left <= 0) return this.over();
      this.saved(alone);
    } catch {
      this.kept = null;
      this.say({ state: "not_saved" });
    }
  }
  saved(alone) {
    if (!alone) this.say({ state: "another" });
    const told = document.querySelector("[data-saved]");
    told.textContent = this.words.saved;
    told.dataset.saved = Number(told.dataset.saved) + 1;
  }
  over() {
    this.draft.finished = true;
    this.sheet.hidden = true;
    this.say({ state: "over" });
  }

  /* --- what is unfinished */

  async offer() {
    if (this.opening) this.opening.hidden = !(await this.opener.unfinished()).length;
  }

  async unlock(passphrase) {
    const { found, left } = await this.opener.openAll(passphrase);
    if (!found) {
      this.say(left ? { state: "wrong", words: `${this.words.wrong} ${left}` } : { state: "wiped" });
      return this.offer();
    }
    const here = found.filter(([, content]) => this.isHere(content));
    this.opening.hidden = true;
    if (found.length === 1 && here.length) return this.resume(...here[0]);
    const list = this.make("ul", { class: "kept", "data-kept": "" });
    list.append(...found.map(([draft, content]) => this.line(draft, content)));
    document.querySelector("[data-kept]")?.remove();
    this.opening.after(list);
  }

  /* The same questions; without a network also those of a case. */
  isHere({ screening, case: of }) {
    return screening === this.plan.about.screening && (this.plan.alone || of === this.plan.about.case);
  }

  line(draft, content) {
    const item = this.make("li", {});
    const begun = content.times?.begun ?? content.times?.asked;
    const when = begun ? new Date(begun).toLocaleString(document.documentElement.lang) : "";
    const words = `${content.title ?? this.words.meeting} ${when}`;
    if (!this.isHere(content)) item.append(this.make("a", { href: content.page ?? this.plan.meet }, words));
    else {
      const button = this.make("button", { type: "button", class: "button", "data-kind": "plain" }, words);
      button.addEventListener("click", () => { item.parentElement.remove(); this.resume(draft, content); });
      item.append(button);
    }
    return item;
  }

  /* A form may have changed since: what has no place in it any more is shown. */
  resume(draft, content) {
    Object.assign(this, { draft: { ...draft, times: content.times ?? {} }, to: content.to ?? this.to });
    this.about = { ...this.plan.about, case: content.case ?? "" };
    const given = {};
    let step = 0;
    for (const [name, value] of content.fields) {
      if (name === "form:step") step = Number(value);
      else if (name !== "_once" && !name.startsWith("form:")) given[name] = name in given ? `${given[name]} ${value}`.trim() : value;
    }
    const left = this.page.put(given);
    this.page.go(step, false);
    this.kept = JSON.stringify(this.page.fields());
    this.say(left.length ? { state: "changed", left } : { state: "back" });
  }

  /* --- finishing and sending */

  async finish() {
    clearTimeout(this.timer);
    this.draft.times.asked = Date.now();
    const content = this.content();
    try {
      await this.opener.finish(this.draft, this.to, content);
    } catch {
      return this.say({ state: "not_saved" });
    }
    this.finished = content;
    this.sheet.hidden = true;
    this.say({ state: "kept" });
    return this.send();
  }

  send() {
    return send(this.shelf, this.plan, (told, row) => {
      const mine = this.finished && row?.id === `f${this.draft.id}`;
      if (mine && told.url) return location.assign(told.url);
      if (mine && told.state === "refused") return this.refused(told);
      if (told.state !== "no_network") this.say({ ...(told.state === "sign_in" && { url: this.plan.unlock, link: this.words.sign_in_link }), ...told });
    });
  }

  /* Not accepted: an unfinished one again, while its answers are still on this page. */
  async refused(told) {
    await this.opener.again(this.draft, this.finished);
    this.finished = null;
    this.sheet.hidden = false;
    this.say(told);
  }

  say(told) {
    document.querySelector("[data-drafts]")?.remove();
    const made = notice({ words: this.words[told.state], ...told });
    made.dataset.drafts = told.state;
    made.setAttribute("role", "status");
    this.sheet.before(made);
  }
}
