/* The numbers beside the navigation, live. One stream for all tabs of a person: whoever
   holds the lock listens and tells the others; when that tab closes, the next one does.
   Numbers only; every word stands on the page already. Without scripts the numbers are
   those of when the page came. */

(() => {
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
    document.querySelectorAll("[data-live]").forEach((part) => {
      if (!part.contains(document.activeElement) || document.activeElement.matches("a, button"))
        part.dispatchEvent(new CustomEvent("news"));
    });
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
