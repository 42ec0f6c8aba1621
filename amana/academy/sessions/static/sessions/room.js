/* The room without reloads: what is told comes by one stream, what is said goes out by
   the same forms. Numbers only; every word stands on the page already. */

const room = document.querySelector("[data-room]");
const all = (selector, act, root = room) => root.querySelectorAll(selector).forEach(act);
const one = (selector, root = room) => root.querySelector(selector);
const set = (selector, value, root = room) => all(selector, (e) => { e.textContent = value; }, root);

/* --- what is told */

let ends = null;
const left = one('[data-said="step"]');
const seconds = Number(left?.dataset.left || 0);
if (seconds) ends = Date.now() + seconds * 1000;

const tick = () => {
  if (!left) return;
  left.hidden = ends === null;
  if (ends === null) return;
  const rest = Math.max(0, Math.round((ends - Date.now()) / 1000));
  left.textContent = `${Math.floor(rest / 60)}:${String(rest % 60).padStart(2, "0")}`;
};
setInterval(tick, 1000);
tick();

const poll = (key, now) => {
  all(`[data-poll="${key}"]`, (section) => {
    section.hidden = false;
    one("[data-answers]", section).hidden = !now.open;
    const answered = one('[aria-pressed="true"]', section);
    one("[data-result]", section).hidden = now.open && !answered;
    set("[data-answered]", now.answers, section);
    now.counts.forEach((count, place) => {
      set(`[data-count="${place}"]`, count, section);
      all(`[data-option="${place}"]`, (bar) => { bar.max = now.answers || 1; bar.value = count; }, section);
    });
  });
};

const groups = (now) => {
  const mine = now.of[room.dataset.seat];
  const seats = Object.keys(now.of).filter((seat) => now.of[seat] === mine);
  all("[data-own-group]", (part) => { part.hidden = !(now.on && mine); });
  set("[data-group-number]", mine ?? "");
  set("[data-group-seats]", seats.join(" · "));
  const members = now.on && mine ? seats.join(",") : "";
  if (members !== room.dataset.members) {
    const regrouped = String(mine ?? "") !== room.dataset.group || !members;
    room.dataset.members = members;
    if (regrouped) document.dispatchEvent(new CustomEvent("room:regrouped"));
  }
  if (String(mine ?? "") !== room.dataset.group) {
    room.dataset.group = mine ?? "";
    refresh();
  }
};

const told = {
  here: (n) => set('[data-said="here"]', n),
  hands: (n) => set('[data-said="hands"]', n),
  pace: (counts) => counts.forEach((n, place) => set(`[data-pace="${place}"] [data-count]`, n)),
  step: (now) => {
    all("[data-step]", (part) => { part.hidden = Number(part.dataset.step) !== now.at; });
    all("[data-agenda]", (line) => {
      if (Number(line.dataset.agenda) === now.at) line.setAttribute("aria-current", "step");
      else line.removeAttribute("aria-current");
    });
    all("[data-waiting]", (line) => { line.hidden = now.at !== null; });
    all("[data-static-left]", (line) => { line.hidden = true; });
    ends = now.until ? now.until * 1000 : null;
    tick();
  },
  room: (now) => all("[data-gone]", (line) => { line.hidden = now.open; }),
  groups,
  notes: () => refresh(),
  reports: () => refresh(),
  handed: () => refresh(),
  feedback: () => refresh(),
  slide: () => setTimeout(() => one("#slide")?.dispatchEvent(new CustomEvent("slide")), Math.random() * 500),
};

/* Parts with people's own words are asked for again, not all at the same moment. */
let waiting = null;
const refresh = () => {
  const part = document.querySelector("#notes, #board");
  if (!part || waiting) return;
  const pause = room.hasAttribute("data-leads") ? 300 : 300 + Math.random() * 2000;
  waiting = setTimeout(() => {
    waiting = null;
    document.querySelector("#notes, #board")?.dispatchEvent(new CustomEvent("news"));
  }, pause);
};

const stream = new EventSource(room.dataset.stream);
stream.onmessage = (message) => {
  const news = JSON.parse(message.data);
  for (const [topic, now] of Object.entries(news)) {
    if (topic.startsWith("poll-")) poll(topic, now);
    else if (topic === `call-${room.dataset.seat}`) document.dispatchEvent(new CustomEvent("room:rung"));
    else told[topic]?.(now);
  }
  if (room.hasAttribute("data-leads")) refresh();
  room.dataset.number = message.lastEventId;
};
let away = null;
const is_away = (gone) => all("[data-away]", (line) => { line.hidden = !gone; });
stream.onopen = () => { clearTimeout(away); away = null; is_away(false); };
stream.onerror = () => { away ??= setTimeout(() => is_away(true), 5000); };
addEventListener("pagehide", () => stream.close());

/* --- what is said: the key of the form makes sure that it counts once, so it may be
   sent until it arrives */

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const deliver = async (to, body) => {
  for (let pause = 500; ; pause = Math.min(pause * 2, 10000)) {
    try {
      const answer = await fetch(to, { method: "POST", body, headers: { "HX-Request": "true" } });
      if (answer.status < 500) return answer;
    } catch { /* no network: it is tried again */ }
    is_away(true);
    await sleep(pause);
  }
};

const pressed = (form, button) => {
  all("[aria-pressed]", (other) => other.setAttribute("aria-pressed", "false"), form.closest("[role=group]") ?? form);
  button.setAttribute("aria-pressed", "true");
};

room.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-quiet]");
  if (!form) return;
  event.preventDefault();
  const button = event.submitter;
  const answer = await deliver(form.action, new FormData(form, button));
  is_away(false);
  if (!answer.ok) {
    document.querySelector("#notices").innerHTML = await answer.text();
    document.querySelector("#notices").scrollIntoView();
    return;
  }
  form.elements._once.value = crypto.randomUUID();
  if (button.hasAttribute("data-hand")) {
    const up = form.elements.up.value === "1";
    button.setAttribute("aria-pressed", String(up));
    form.elements.up.value = up ? "0" : "1";
  } else if (button.hasAttribute("aria-pressed")) pressed(form, button);
  all("[data-result]", (part) => { part.hidden = false; }, form.parentElement);
  all("[data-sent]", (sign) => { sign.hidden = false; }, form);
});

/* --- that one is there, and whether a hand moved since the last time */

if (room.dataset.here) {
  let moved = false;
  for (const kind of ["pointerdown", "keydown", "scroll"])
    addEventListener(kind, () => { moved = true; }, { passive: true });
  setInterval(async () => {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", one("[name=csrfmiddlewaretoken]").value);
    if (moved) body.set("moved", "1");
    moved = false;
    await fetch(room.dataset.here, { method: "POST", body }).catch(() => {});
  }, 60000);
}
