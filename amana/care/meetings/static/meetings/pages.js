/* The meeting's page and what it is drawn with, into the browser's cache; the page last,
   when all else is there. It says nothing of anybody. */

const KEPT = "meeting";

const fetched = async (url) => {
  const answer = await fetch(url);
  if (!answer.ok || answer.redirected) throw new Error(`${answer.status} ${url}`);
  return answer;
};

export const isKept = async (home) => Boolean(await (await caches.open(KEPT)).match(home));

const parsed = async (answer) => new DOMParser().parseFromString(await answer.clone().text(), "text/html");
const all = (page, selector, name) => [...page.querySelectorAll(selector)].map((part) => part.getAttribute(name));

/* Beside the first page those that it leads to, each with what it is drawn with. */
export const keepPages = async (kit, home, name = KEPT) => {
  const first = await fetched(kit);
  const pages = new Map([[home, first]]);
  for (const url of all(await parsed(first), "a[data-kept]", "href")) pages.set(url, await fetched(url));
  const drawn = new Set();
  for (const answer of pages.values()) {
    const page = await parsed(answer);
    for (const url of [...all(page, "link[href]", "href"), ...all(page, "script[src]", "src")]) drawn.add(url);
  }
  const cache = await caches.open(name);
  for (const url of drawn) if (!(await cache.match(url))) await cache.put(url, await fetched(url));
  for (const [url, answer] of [...pages].reverse()) await cache.put(url, answer);
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url);
    if (!pages.has(pathname) && !drawn.has(pathname)) await cache.delete(url);
  }
};
