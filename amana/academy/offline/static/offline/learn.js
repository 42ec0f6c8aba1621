/* A page of a course without a server: practice with feedback, what was read, the test,
   and what is not sent yet. On a stick the same, but for the sending. */
(() => {
  const { outbox } = globalThis;
  const page = document.body.dataset;
  const stick = document.documentElement.dataset.mode === "stick";
  const name = outbox.nameOf(page.version, document.documentElement.lang, page.module);
  const each = (selector, act, root = document) => root.querySelectorAll(selector).forEach(act);
  const say = (what, is = true, root = document) => each(`[data-say="${what}"]`, (part) => { part.hidden = !is; }, root);
  const AGAIN = 20_000;
  let kept = null;
  let again = 0;
  let me = null; /* who is signed in, as far as one can know it */
  const PATIENCE = 3_000;

  /* --- writing down */

  const signedIn = async () => {
    const asked = { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE) };
    const answer = await fetch(page.pass, asked).catch(() => null);
    return answer?.ok && !answer.redirected ? (await answer.json().catch(() => null))?.owner ?? null : null;
  };

  /* What another keeps here is not for whoever is signed in: their answers are their own. */
  const begun = async () => {
    me = await signedIn();
    const row = await outbox.kept.get(name) ?? null;
    return row && me && row.owner !== me ? null : row;
  };

  const owner = async () => {
    if (stick) return "";
    return kept?.owner ?? me ?? signedIn();
  };

  const tell = async (event, named) => {
    try {
      const of = await owner();
      if (of === null) throw new Error("Nobody keeps this module here.");
      await outbox.put(event, { version: page.version, course: page.course, owner: of, named });
    } catch (error) {
      say("not-kept");
      throw error;
    }
    await paint();
    send();
  };

  const send = async () => {
    if (stick || !page.told) return;
    const sending = () => outbox.send({ told: page.told, pass: page.pass });
    const came = await (navigator.locks ? navigator.locks.request("learning-send", sending) : sending());
    for (const what of ["sign-in", "no-network", "sent"]) say(what, what === came);
    clearTimeout(again);
    if (came === "no-network") again = setTimeout(send, AGAIN);
    await paint();
  };

  /* --- what is shown of it */

  const paint = async () => {
    const rows = await outbox.rows();
    const waits = rows.filter((row) => row.state === "waits");
    each("[data-count]", (part) => { part.textContent = waits.length; });
    each("[data-waits]", (part) => { part.dataset.tone = waits.length ? "due" : "plain"; });
    each("[data-save]", (part) => { part.hidden = !(stick ? rows.length : waits.length); });
    each("[data-send]", (part) => { part.hidden = !waits.length; });
    if (page.version) {
      const ticks = await outbox.ticks(kept, page.version, stick ? "" : kept?.owner ?? me);
      each("[data-tick]", (part) => { part.hidden = !ticks.includes(part.dataset.tick); });
    }
    await paintKept(rows);
  };

  const paintKept = async (rows) => {
    const list = document.querySelector("[data-kept]");
    if (!list) return;
    const modules = [];
    for (const row of await outbox.kept.all())
      if (await caches.has(outbox.cacheOf(row))) modules.push(row);
      else await outbox.kept.remove(row.name);
    draw(list, document.querySelector("[data-one]"), modules, (item, row) => {
      const link = item.querySelector("a");
      link.href = row.url;
      link.firstElementChild.textContent = row.title;
      return async () => {
        await caches.delete(outbox.cacheOf(row));
        await outbox.kept.remove(row.name);
      };
    });
    say("nothing", !modules.length);
    const refused = rows.filter((row) => row.state === "refused");
    draw(document.querySelector("[data-refused]"), document.querySelector("[data-no]"), refused, (item, row) => {
      item.querySelector("bdi").textContent = row.named;
      item.querySelector("p").textContent = row.why;
      return () => outbox.remove(row.id);
    });
    say("refused", Boolean(refused.length));
  };

  const draw = (list, template, rows, fill) => {
    list.replaceChildren(...rows.map((row) => {
      const item = template.content.firstElementChild.cloneNode(true);
      const remove = fill(item, row);
      item.querySelector("button").addEventListener("click", async () => { await remove(); await paint(); });
      return item;
    }));
  };

  /* --- answers */

  /* As the academy takes them: places of what was chosen, or a number as it was typed.
     null: left out. undefined: not whole. */
  const given = (form, kind) => {
    if (kind === "number") return form.querySelector("input[type=text], input:not([type])")?.value.trim() || null;
    if (kind === "order" || kind === "match") {
      const chosen = [...form.querySelectorAll("select")].map((select) => select.value);
      if (chosen.every((value) => value === "")) return null;
      if (chosen.includes("") || (kind === "order" && new Set(chosen).size < chosen.length)) return undefined;
      return chosen.map(Number);
    }
    const chosen = [...form.querySelectorAll("input:checked")].map((input) => Number(input.value));
    return chosen.length ? chosen.sort((one, other) => one - other) : null;
  };

  const isNumber = (typed) => /^[+-]?(\d{1,15}([.,]\d*)?|[.,]\d+)$/.test(typed);

  const isRight = (marks, answer) => {
    if (marks.kind === "number") return Math.abs(Number(answer.replace(",", ".")) - marks.answer) <= marks.tolerance + 1e-9;
    if (marks.kind === "order" || marks.kind === "match") return answer.every((value, at) => value === at);
    if (marks.kind === "many") return answer.join() === marks.right.join();
    return marks.right.includes(answer[0]);
  };

  const practise = async (form) => {
    const marks = JSON.parse(form.dataset.marks);
    const answer = given(form, marks.kind);
    const whole = answer !== null && answer !== undefined && (marks.kind !== "number" || isNumber(answer));
    say("left-out", !whole, form);
    if (!whole) return;
    const feedback = form.parentElement.querySelector("[data-feedback]");
    const right = isRight(marks, answer);
    each("[data-when]", (part) => { part.hidden = (part.dataset.when === "right") !== right; }, feedback);
    each("[data-option]", (part) => {
      const at = Number(part.dataset.option);
      part.hidden = !(answer.includes(at) || (marks.kind === "many" && marks.right.includes(at)));
    }, feedback);
    feedback.hidden = false;
    await tell({ verb: "answered", object: form.dataset.practice, given: answer }, form.dataset.named);
  };

  /* --- the test: the questions that were drawn for this learner, in their order */

  const prepareTest = (form) => {
    const drawn = kept?.attempt ? kept.drawn : null;
    say("no-test", !drawn);
    if (!drawn) return;
    const list = form.querySelector("ol");
    list.replaceChildren(...drawn.map((id) => list.querySelector(`[data-drawn="${id}"]`)));
    form.hidden = false;
  };

  const handIn = async (form) => {
    const places = {};
    for (const part of form.querySelectorAll("[data-drawn]")) {
      const answer = given(part, part.dataset.kindOf);
      const whole = answer !== undefined && (answer === null || part.dataset.kindOf !== "number" || isNumber(answer));
      if (!whole) {
        say("left-out", true, form);
        part.scrollIntoView();
        return;
      }
      if (answer !== null) places[part.dataset.drawn] = answer;
    }
    form.hidden = true;
    const attempt = kept.attempt;
    await tell({ verb: "submitted", object: form.dataset.test, attempt, places }, form.dataset.named);
    kept = { ...kept, attempt: null, drawn: null };
    await outbox.kept.put(kept);
    say("handed-in");
  };

  /* --- a file to bring */

  const save = async () => {
    const rows = (await outbox.rows()).filter((row) => row.state === "waits");
    const versions = [...new Set(rows.map((row) => row.version))].map((version) => ({
      version,
      events: rows.filter((row) => row.version === version).map(({ id, event }) => ({ id, ...event })),
    }));
    const file = new Blob([JSON.stringify({ format: 1, progress: versions })], { type: "application/json" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = "progress.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };

  const forget = async () => {
    for (const row of await outbox.kept.all()) {
      if (!row.leaves) continue;
      await caches.delete(outbox.cacheOf(row));
      await outbox.kept.remove(row.name);
      for (const told of await outbox.rows()) if (told.version === row.version) await outbox.remove(told.id);
    }
  };

  const begin = async () => {
    if (!globalThis.indexedDB) return say("not-kept");
    if (page.module && !stick) kept = await begun();
    each("[data-print]", (button) => { button.hidden = false; button.addEventListener("click", () => print()); });
    each("[data-practice]", (form) => form.addEventListener("submit", (event) => { event.preventDefault(); practise(form); }));
    each("[data-test]", (form) => {
      prepareTest(form);
      form.addEventListener("submit", (event) => { event.preventDefault(); handIn(form); });
    });
    each("[data-read]", (button) => {
      button.hidden = false;
      button.addEventListener("click", async () => {
        await tell({ verb: "read", object: button.dataset.read }, button.dataset.named);
        location.assign(button.dataset.after);
      });
    });
    each("[data-save]", (button) => button.addEventListener("click", save));
    each("[data-send]", (button) => button.addEventListener("click", send));
    addEventListener("quickexit", forget);
    addEventListener("online", send);
    await paint();
    document.documentElement.dataset.ready = "";
    send();
  };
  begin();
})();
