/* Leave this page: blank it first, then replace it, so that "back" does not return.
   Shift pressed three times does the same (Escape would stop the loading). Scripts that
   keep something on the device hear "quickexit" first. */
(() => {
  const link = document.querySelector("[data-quick-exit]");
  if (!link) return;
  const leave = (event) => {
    event?.preventDefault();
    dispatchEvent(new Event("quickexit"));
    document.title = "";
    document.documentElement.replaceChildren();
    location.replace(link.href);
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
