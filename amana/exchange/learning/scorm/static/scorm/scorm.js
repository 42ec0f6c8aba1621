// Tells a learning system how far a reader is, by the runtime of SCORM: that of the 2004
// edition, else that of 1.2.
"use strict";

(function () {
  /** What either runtime calls the same. Of 1.2, a status says both how far a learner is
      and whether they passed: it is only ever told how far. */
  const runtimes = [
    {
      name: "API_1484_11",
      prefix: "",
      end: "Terminate",
      status: "cmi.completion_status",
      score: "cmi.score",
      exit: ["cmi.exit", "normal"],
      time: ["cmi.session_time", (seconds) => `PT${seconds}S`],
      hasShares: true,
      mostKept: 64000,
    },
    {
      name: "API",
      prefix: "LMS",
      end: "Finish",
      status: "cmi.core.lesson_status",
      score: "cmi.core.score",
      exit: ["cmi.core.exit", ""],
      time: ["cmi.core.session_time", formatClock],
      hasShares: false,
      mostKept: 4096,
    },
  ];

  function formatClock(seconds) {
    const two = (number) => String(number).padStart(2, "0");
    const hours = two(Math.floor(seconds / 3600));
    return `${hours}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  }

  /** Of the frames around this page, or of the window that opened it, the one that has it. */
  function find(name, from) {
    let at = from;
    try {
      for (let steps = 0; at && steps < 50; steps += 1) {
        if (at[name]) return at[name];
        if (at.parent === at) break;
        at = at.parent;
      }
      return from.opener && from.opener !== from ? find(name, from.opener) : null;
    } catch {
      return null; // a frame of another site: it has none for us
    }
  }

  const runtime = runtimes.find(({ name }) => find(name, window));
  const api = runtime && find(runtime.name, window);
  const call = (verb, ...given) => api[`${runtime.prefix}${verb}`](...given);
  if (!api || call("Initialize", "") !== "true") return; // read without a learning system
  const begun = Date.now();
  let over = false;

  const set = (name, value) => call("SetValue", name, String(value));

  function told(lesson) {
    set(runtime.status, lesson.state.read ? "completed" : "incomplete");
    if (runtime.hasShares) set("cmi.progress_measure", Math.round(lesson.progress * 100) / 100);
    if (lesson.score !== null) {
      set(`${runtime.score}.min`, 0);
      set(`${runtime.score}.max`, 100);
      set(`${runtime.score}.raw`, Math.round(lesson.score * 100));
      if (runtime.hasShares) set(`${runtime.score}.scaled`, Math.round(lesson.score * 100) / 100);
    }
    keep(lesson.state);
    call("Commit", "");
  }

  /** Keep where the reader is; without the answers, where they are more than it takes. */
  function keep(state) {
    const whole = JSON.stringify(state);
    const short = JSON.stringify({ answers: {}, read: state.read });
    set("cmi.suspend_data", whole.length > runtime.mostKept ? short : whole);
  }

  function kept() {
    try {
      return JSON.parse(call("GetValue", "cmi.suspend_data") || "{}");
    } catch {
      return {};
    }
  }

  function end() {
    if (over) return;
    over = true;
    const [time, format] = runtime.time;
    set(time, format(Math.round((Date.now() - begun) / 1000)));
    const [exit, done] = runtime.exit;
    set(exit, window.lesson.state.read ? done : "suspend");
    call("Commit", "");
    call(runtime.end, "");
  }

  window.lesson.restore(kept());
  if (!window.lesson.state.read) set(runtime.status, "incomplete");
  document.addEventListener("lesson", (event) => told(event.detail));
  window.addEventListener("pagehide", end);
  window.addEventListener("beforeunload", end);
})();
