// What a reader does with a lesson that has left its house: answers for practice, reads
// it to the end. Tells it to whoever listens to "lesson"; knows no format.
"use strict";

(function () {
  const body = document.body;
  const forms = Array.from(document.querySelectorAll("form.practice"));
  const state = { answers: {}, read: false };

  function given(form) {
    const kind = key(form).kind;
    if (kind === "number") return form.elements.number.value.trim();
    if (kind === "order" || kind === "match") {
      return Array.from(form.querySelectorAll("select"), (one) => one.value).map(Number);
    }
    const ticked = Array.from(form.querySelectorAll("input:checked"));
    return ticked.map((one) => Number(one.value)).sort((a, b) => a - b);
  }

  function key(form) {
    return JSON.parse(form.dataset.key);
  }

  function complete(form) {
    if (key(form).kind === "number") return form.elements.number.value.trim() !== "";
    const selects = Array.from(form.querySelectorAll("select"));
    if (selects.length) return selects.every((one) => one.value !== "");
    return form.querySelector("input:checked") !== null;
  }

  function isRight(form, answer) {
    const { kind, right, answer: number, tolerance } = key(form);
    if (kind === "number") {
      const typed = Number(String(answer).replace(",", "."));
      return Number.isFinite(typed) && Math.abs(typed - number) <= tolerance + 1e-9;
    }
    if (kind === "one" || kind === "decide") return right.includes(answer[0]);
    return JSON.stringify(answer) === JSON.stringify(right);
  }

  function show(form, answer) {
    const { kind, right } = key(form);
    const choice = kind === "decide" && right.length === 0;
    const good = isRight(form, answer);
    for (const one of form.querySelectorAll("[data-verdict]")) {
      one.hidden = one.dataset.verdict !== (choice ? "choice" : good ? "right" : "wrong");
    }
    const shown = Array.isArray(answer) ? answer.concat(kind === "many" ? right : []) : [];
    for (const one of form.querySelectorAll("[data-at]")) {
      one.hidden = !shown.includes(Number(one.dataset.at));
    }
    form.querySelector(".feedback").hidden = false;
    form.querySelector(".left-out").hidden = true;
  }

  function fill(form, answer) {
    if (key(form).kind === "number") form.elements.number.value = answer;
    const selects = Array.from(form.querySelectorAll("select"));
    selects.forEach((one, at) => { one.value = String(answer[at]); });
    for (const one of form.querySelectorAll("input[type=radio], input[type=checkbox]")) {
      one.checked = answer.includes(Number(one.value));
    }
    show(form, answer);
  }

  function tell() {
    const graded = forms.filter((form) => key(form).right.length || key(form).kind === "number");
    const right = graded.filter(
      (form) => form.id in state.answers && isRight(form, state.answers[form.id]),
    );
    const steps = forms.length + 1;
    const taken = Object.keys(state.answers).length + (state.read ? 1 : 0);
    window.lesson.progress = state.read ? 1 : Math.min(1, taken / steps);
    window.lesson.score =
      body.dataset.score === "yes" && graded.length ? right.length / graded.length : null;
    document.dispatchEvent(new CustomEvent("lesson", { detail: window.lesson }));
  }

  window.lesson = {
    state,
    progress: 0,
    score: null,
    /** Go on where this reader stopped. */
    restore(kept) {
      const known = kept && typeof kept === "object" ? kept : {};
      for (const form of forms) {
        const answer = known.answers && known.answers[form.id];
        if (answer !== undefined) {
          state.answers[form.id] = answer;
          fill(form, answer);
        }
      }
      if (known.read) markRead();
    },
  };

  function markRead() {
    state.read = true;
    document.getElementById("read").hidden = true;
    document.getElementById("was-read").hidden = false;
  }

  for (const form of forms) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!complete(form)) {
        form.querySelector(".left-out").hidden = false;
        return;
      }
      state.answers[form.id] = given(form);
      show(form, state.answers[form.id]);
      tell();
    });
  }
  document.getElementById("read").addEventListener("click", () => {
    markRead();
    tell();
  });
})();
