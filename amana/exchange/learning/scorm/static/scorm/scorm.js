// Tells a learning system, by the runtime of SCORM 2004, how far a reader is.
"use strict";

(function () {
  /** Of the frames around this page, or of the window that opened it, the one that has it. */
  function find(from) {
    let at = from;
    for (let steps = 0; at && steps < 50; steps += 1) {
      if (at.API_1484_11) return at.API_1484_11;
      if (at.parent === at) break;
      at = at.parent;
    }
    return from.opener && from.opener !== from ? find(from.opener) : null;
  }

  const api = find(window);
  if (!api || api.Initialize("") !== "true") return; // read without a learning system
  const begun = Date.now();
  let over = false;

  const set = (name, value) => api.SetValue(name, String(value));

  function told(lesson) {
    const done = lesson.state.read;
    set("cmi.progress_measure", Math.round(lesson.progress * 100) / 100);
    set("cmi.completion_status", done ? "completed" : "incomplete");
    if (done) set("cmi.success_status", "passed");
    if (lesson.score !== null) {
      set("cmi.score.min", 0);
      set("cmi.score.max", 100);
      set("cmi.score.raw", Math.round(lesson.score * 100));
      set("cmi.score.scaled", Math.round(lesson.score * 100) / 100);
    }
    set("cmi.suspend_data", JSON.stringify(lesson.state));
    api.Commit("");
  }

  function kept() {
    try {
      return JSON.parse(api.GetValue("cmi.suspend_data") || "{}");
    } catch {
      return {};
    }
  }

  function end() {
    if (over) return;
    over = true;
    set("cmi.session_time", `PT${Math.round((Date.now() - begun) / 1000)}S`);
    set("cmi.exit", window.lesson.state.read ? "normal" : "suspend");
    api.Commit("");
    api.Terminate("");
  }

  window.lesson.restore(kept());
  if (!window.lesson.state.read) set("cmi.completion_status", "incomplete");
  document.addEventListener("lesson", (event) => told(event.detail));
  window.addEventListener("pagehide", end);
  window.addEventListener("beforeunload", end);
})();
