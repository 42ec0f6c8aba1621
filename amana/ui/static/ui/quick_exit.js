/* Leave this page: blank it first, then replace it, so that "back" does not return.
   Shift pressed three times does the same (Escape would stop the loading). Scripts that
   keep something on the device hear "quickexit" first. On pages for people the link goes
   by a page of ours that has the browser forget us; that is asked for on the way, so
   that nobody waits for it. */
(() => {
  const link = document.querySelector("[data-quick-exit]");
  if (!link) return;
  const leave = (event) => {
    event?.preventDefault();
    dispatchEvent(new Event("quickexit"));
    document.title = "";
    document.documentElement.replaceChildren();
    const to = link.dataset.quickExit;
    if (link.href !== new URL(to).href) {
      fetch(link.href, {keepalive: true, redirect: "manual", cache: "no-store"}).catch(() => {});
    }
    location.replace(to);
  };
  let pressed = 0, since = 0;
  link.addEventListener("click", leave);
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift") { pressed = 0; return; }
    pressed = Date.now() - since < 3000 ? pressed + 1 : 1;
    since = Date.now();
    if (pressed === 3) leave();
  });
})();
