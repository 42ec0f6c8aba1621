/* A table without reloads. The stream sends numbers only; each part of the page that is
   older asks its own address again, where the rules are asked again too. How a part is
   exchanged while someone writes in it: live.js. */

(() => {
  const table = document.querySelector("[data-table]");
  if (!table || !globalThis.EventSource) return;
  const known = JSON.parse(table.dataset.news);
  let since = table.dataset.since, source = null, pause = 2000;

  const show = (now) => {
    const changed = Object.keys(now).filter((area) => now[area] !== known[area]);
    Object.assign(known, now);
    document.querySelectorAll("[data-follows]").forEach((part) => {
      const follows = part.dataset.follows.split(" ");
      if (changed.some((area) => follows.includes(area))) document.dispatchEvent(new CustomEvent("part:changed", { detail: part }));
    });
  };

  const listen = () => {
    source = new EventSource(`${table.dataset.table}?since=${encodeURIComponent(since)}`);
    source.onmessage = ({ data, lastEventId }) => {
      pause = 2000;
      since = lastEventId;
      show(JSON.parse(data));
    };
    source.onerror = () => {
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(listen, pause);
      pause = Math.min(pause * 2, 60000);
    };
  };
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", ({ persisted }) => { if (persisted && source) listen(); });
  listen();
})();
