/* Answers for the meeting alone, or for the pack alone (its scope) and for what it is drawn with, from what the
   worker of the post chose to keep. It keeps nothing by itself, and knows no page of a
   case. */
const HOME = new URL("./", self.location).pathname;
const KEPT = new URL(self.location).searchParams.get("kept") ?? "meeting";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const here = new URL(request.url);
  const drawn = ["style", "script", "image"].includes(request.destination) || here.pathname.endsWith(".svg");
  const meets = request.mode === "navigate" && here.pathname.startsWith(HOME) && !here.search;
  if (request.method !== "GET" || here.origin !== self.location.origin) return;
  if (meets || drawn) event.respondWith(answer(request));
});

const answer = async (request) =>
  (await caches.match(request, { cacheName: KEPT, ignoreVary: true })) ?? fetch(request);
