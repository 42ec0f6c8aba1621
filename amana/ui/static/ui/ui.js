/* Small comforts; every page works without them. */
(() => {
  const each = (selector, act, root = document) => root.querySelectorAll(selector).forEach(act);

  const closeMenus = (except) =>
    each("details[data-closes][open]", (menu) => { if (!menu.contains(except)) menu.open = false; });
  document.addEventListener("click", (event) => closeMenus(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details[data-closes][open]");
    closeMenus(null);
    open?.querySelector("summary").focus();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
    if (event.target.closest("[data-back]")) { event.preventDefault(); history.back(); }
  });

  /* What pages keep on this device only while somebody is signed in. */
  const WHILE = "while-signed-in ";
  const forget = async () => {
    for (const name of await caches.keys()) if (name.startsWith(WHILE)) await caches.delete(name);
  };
  document.addEventListener("submit", (event) => {
    const { target } = event;
    const leave = document.querySelector("[data-leave]")?.dataset.leave;
    if (!globalThis.caches || !leave || target.getAttribute("action") !== leave) return;
    const elsewhere = event.defaultPrevented; /* somebody else submits it */
    event.preventDefault();
    forget().finally(() => { if (!elsewhere) target.submit(); });
  });

  /* "/" goes to the search, unless one writes, or has put the key off on this device. */
  const OFF = "no-slash";
  const slashIsOff = () => { try { return localStorage.getItem(OFF) === "1"; } catch { return false; } };
  document.documentElement.toggleAttribute("data-no-slash", slashIsOff());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest("input, textarea, select, [contenteditable]") || slashIsOff()) return;
    const field = document.querySelector("[data-slash]");
    if (!field?.checkVisibility()) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
  each("[data-slash-choice]", (choice) => {
    const box = choice.querySelector("input");
    choice.hidden = false;
    box.checked = !slashIsOff();
    box.addEventListener("change", () => {
      try { box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1"); } catch { /* not kept */ }
      document.documentElement.toggleAttribute("data-no-slash", slashIsOff());
    });
  });

  /* What the reader's own clock shows at a moment that a page tells by another one. */
  const HERE = document.body.dataset.here;
  const addOwnTime = (time) => {
    const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(time.dateTime) ?? [];
    const at = new Date(time.dateTime);
    const east = Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes));
    if (!HERE || !sign || -at.getTimezoneOffset() === east) return;
    const there = new Date(at.getTime() + east * 60_000);
    const isOtherDay = there.getUTCDate() !== at.getDate();
    const own = at.toLocaleString(document.documentElement.lang, {
      ...(isOtherDay && { day: "numeric", month: "long" }),
      hour: "2-digit", minute: "2-digit", hourCycle: "h23", numberingSystem: "latn",
    });
    time.append(` (${own} ${HERE})`);
    time.removeAttribute("data-moment");
  };

  const prepare = (root) => {
    each("time[data-moment]", addOwnTime, root);
    each("[data-print][hidden], [data-back][hidden]", (button) => { button.hidden = false; }, root);
    root.querySelector("[data-focus]:not([data-still] *)")?.focus();
  };
  prepare(document);
  each(".near-nav [aria-current], .tabs [aria-current]", (here) => { here.scrollIntoView({ block: "nearest", inline: "center" }); });
  document.addEventListener("htmx:after:swap", (event) => prepare(event.target ?? document));
})();
