/* The numbers beside the navigation, live, and the parts of a page that follow them. One
   stream for all tabs of a person: whoever holds the lock listens and tells the others;
   when that tab closes, the next one does. Numbers only; every word comes from the page's
   own address. Without scripts the numbers are those of when the page came. */

(() => {
  /* Parts. One in which somebody writes, or has opened a menu, is left as it is: a line
     says that something changed, and shows it when asked to. */
  const FIELDS = "input, textarea, select", TICKED = "[type=checkbox], [type=radio]";
  const isChanged = (field) => {
    if (field.matches("[type=hidden], [type=submit]")) return false;
    if (field.matches(TICKED)) return field.checked !== field.defaultChecked;
    if (!field.options) return field.value !== field.defaultValue;
    const options = [...field.options];
    const first = field.multiple || options.some((option) => option.defaultSelected) ? -1 : 0;
    return options.some((option, at) => option.selected !== (option.defaultSelected || at === first));
  };
  const isBusy = (part) => {
    const here = document.activeElement;
    if (part.contains(here) && here.matches(FIELDS)) return true;
    if (part.matches(":active") || part.querySelector("details[data-closes][open]")) return true;
    return [...part.querySelectorAll(FIELDS)].some(isChanged);
  };
  const refresh = (part) => part.dispatchEvent(new CustomEvent("news"));
  const offer = (part) => {
    const line = document.querySelector("[data-changed]");
    if (!line) return;
    line.hidden = false;
    line.querySelector("button").onclick = () => { line.hidden = true; refresh(part); };
  };
  const update = (part) => (isBusy(part) ? offer : refresh)(part);
  // A room with a stream of its own names the part that is older than what it learned.
  document.addEventListener("part:changed", ({ detail }) => update(detail));

  /* After a swap the same link has the focus, at the same height, what was unfolded is
     unfolded, and what was typed is there. What may not be seen any more leaves the screen. */
  const isOurs = (event) => event.target?.matches?.("[data-live]");
  const keyOf = (element) => element.tagName + ["id", "name", "href"].map((of) => element.getAttribute(of)).join();
  const heading = (fold) => fold.querySelector("summary")?.textContent;
  const like = (part, key) => [...part.querySelectorAll("a, button, summary")].filter((one) => keyOf(one) === key);
  let before = null;
  document.addEventListener("htmx:before:response", (event) => {
    const { response } = event.detail.ctx;
    if (!isOurs(event) || (response.status < 400 && !response.raw.redirected)) return;
    event.preventDefault();
    location.reload();
  });
  document.addEventListener("htmx:before:swap", (event) => {
    if (!isOurs(event)) return;
    const part = event.target, here = part.contains(document.activeElement) ? document.activeElement : null;
    const typed = [...part.querySelectorAll(FIELDS)].filter(isChanged).map(({ name, value, checked }) => ({ name, value, checked }));
    before = { id: part.id, scroll: scrollY, typed, open: [...part.querySelectorAll("details[open]")].map(heading) };
    if (!here || here === part) return;
    const key = keyOf(here);
    Object.assign(before, { key, at: like(part, key).indexOf(here), top: here.getBoundingClientRect().top });
  });
  document.addEventListener("htmx:after:swap", () => {
    const part = before && document.getElementById(before.id);
    if (!part) return;
    const { scroll, typed, open, key, at, top } = before;
    before = null;
    part.querySelectorAll("details").forEach((fold) => { if (open.includes(heading(fold))) fold.open = true; });
    typed.forEach(({ name, value, checked }) => {
      const same = [...part.querySelectorAll(FIELDS)].filter((field) => field.name === name);
      const field = same.find((one) => one.matches(TICKED) && one.value === value) ?? same[0];
      if (field?.matches(TICKED)) field.checked = checked;
      else if (field) field.value = value;
    });
    scrollTo(scrollX, scroll);
    if (!key) return;
    const same = like(part, key)[at];
    if (!same) part.tabIndex = -1;
    (same ?? part).focus({ preventScroll: true });
    if (same) scrollBy(0, same.getBoundingClientRect().top - top);
  });

  /* The numbers, where a page has them. */
  const bell = document.querySelector("[data-stream]");
  if (!bell?.dataset.stream || !globalThis.EventSource) return;
  const { stream, whose } = bell.dataset;
  const name = `amana-live ${whose}`;
  const others = globalThis.BroadcastChannel ? new BroadcastChannel(name) : null;
  const told = document.querySelector("[data-told]");
  let since = bell.dataset.since;

  const show = (version, counts) => {
    if (version === since) return;
    since = version;
    const before = Number(document.querySelector('[data-badge="notifications"]')?.textContent || 0);
    for (const [kind, count] of Object.entries(counts)) {
      document.querySelectorAll(`[data-badge="${kind}"]`).forEach((badge) => {
        badge.textContent = count;
        badge.hidden = !count;
      });
    }
    if (told && counts.notifications > before) told.textContent = `${told.dataset.told} ${counts.notifications}`;
    document.querySelectorAll("[data-live]").forEach(update);
  };
  others?.addEventListener("message", ({ data }) => show(data.version, data.counts));

  /* A stream that breaks comes back by itself and says how far it was. One that was
     refused (signed out, the server gone) is tried again more and more seldom. */
  let source = null, pause = 2000;
  const listen = () => {
    source = new EventSource(`${stream}?since=${encodeURIComponent(since)}`);
    source.onmessage = ({ data, lastEventId }) => {
      pause = 2000;
      const counts = JSON.parse(data);
      show(lastEventId, counts);
      others?.postMessage({ version: lastEventId, counts });
    };
    source.onerror = () => {
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(listen, pause);
      pause = Math.min(pause * 2, 60000);
    };
  };
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", ({ persisted }) => { if (persisted && source) listen(); });

  /* A moment later: whoever only passes through opens none. */
  setTimeout(() => {
    if (!navigator.locks) { listen(); return; }
    navigator.locks.request(name, () => { listen(); return new Promise(() => {}); }).catch(() => {});
  }, 500);
})();
