/* The meeting's page and what it is drawn with, into the browser's cache; the page last,
   when all else is there. It says nothing of anybody. */

const KEPT = "meeting";

const fetched = async (url) => {
  const answer = await fetch(url);
  if (!answer.ok || answer.redirected) throw new Error(`${answer.status} ${url}`);
  return answer;
};

export const isKept = async (home) => Boolean(await (await caches.open(KEPT)).match(home));

export const keepPages = async (kit, home) => {
  const answer = await fetched(kit);
  const page = new DOMParser().parseFromString(await answer.clone().text(), "text/html");
  const drawn = [...page.querySelectorAll("link[href], script[src]")].map((part) => part.getAttribute("href") ?? part.getAttribute("src"));
  const cache = await caches.open(KEPT);
  for (const url of drawn) if (!(await cache.match(url))) await cache.put(url, await fetched(url));
  await cache.put(home, answer);
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url);
    if (pathname !== home && !drawn.includes(pathname)) await cache.delete(url);
  }
};
