/* Answers for pages of kept modules alone (its scope) and for what they are drawn with,
   from what the learner chose to keep. It keeps nothing by itself, and knows no page of
   a case. */
const HOME = new URL("./", self.location).pathname;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const here = new URL(request.url);
  const drawn = ["style", "script", "image"].includes(request.destination);
  if (request.method !== "GET" || here.origin !== self.location.origin) return;
  if (here.pathname.startsWith(HOME) || drawn) event.respondWith(answer(request));
});

const answer = async (request) => {
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept) return kept;
  try {
    return await fetch(request);
  } catch (error) {
    const home = request.mode === "navigate" && (await caches.match(HOME, { ignoreVary: true }));
    if (home) return home;
    throw error;
  }
};
