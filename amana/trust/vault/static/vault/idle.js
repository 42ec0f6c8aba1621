/* After idle minutes the screen is covered and the keys are locked; the passphrase
   uncovers it, with everything that was typed. Tabs of one browser tell each other, so
   that work in one keeps the others open. Without this script the server locks at the
   next request, as it does in any case. Without a network the cover stays, says so,
   and asks again until the server answers.

   Whoever signs out, leaves in a hurry, or signs in after somebody else takes away what
   the other tabs still show. */
(() => {
  const { lock, unlock, minutes, offline, whose } = document.currentScript.dataset;
  const arrivals = new BroadcastChannel("amana-arrivals");
  const leave = document.querySelector("[data-leave]")?.dataset.leave;
  const gone = () => arrivals.postMessage("");
  arrivals.addEventListener("message", ({ data }) => {
    if (data === whose) return;
    document.documentElement.replaceChildren();
    setTimeout(() => location.replace(unlock), 1_000); // once the session has ended
  });
  arrivals.postMessage(whose);
  document.addEventListener("submit", ({ target }) => { if (target.getAttribute("action") === leave) gone(); });
  addEventListener("quickexit", gone);
  if (location.pathname === unlock) return;
  const tabs = new BroadcastChannel(`amana-presence ${whose}`);
  let timer;
  let told = 0;

  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(away, Number(minutes) * 60_000);
  };
  const present = () => {
    if (document.documentElement.dataset.covered) return;
    wait();
    if (Date.now() - told > 5_000) {
      told = Date.now();
      tabs.postMessage("present");
    }
  };
  const ask = (url, body) =>
    fetch(url, { method: body ? "POST" : "GET", body, headers: { "HX-Request": "true" }, redirect: "manual" });

  const reach = async (url, body) => {
    for (;;) {
      try {
        return await ask(url, body);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        dialog.textContent = offline;
        await new Promise((again) => setTimeout(again, 5_000));
      }
    }
  };

  const away = async () => {
    cover();
    tabs.postMessage("locked");
    const form = document.querySelector(`form[action="${lock}"]`);
    await reach(lock, new FormData(form));
    await show();
  };

  let dialog;
  const cover = () => {
    if (document.documentElement.dataset.covered) return;
    document.documentElement.dataset.covered = "yes";
    dialog = document.createElement("dialog");
    dialog.className = "cover";
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    dialog.addEventListener("submit", send);
    document.body.append(dialog);
    dialog.showModal();
  };
  const uncover = () => {
    dialog?.remove();
    delete document.documentElement.dataset.covered;
    wait();
  };
  const fill = async (answer) => {
    const html = await answer.text();
    if (!html.includes("passphrase")) return location.reload(); // signed out meanwhile
    dialog.innerHTML = html;
    dialog.querySelectorAll("form").forEach((form) => form.removeAttribute("hx-post"));
    dialog.querySelector("input[type=password]").focus();
  };
  const show = async () => fill(await reach(unlock));
  const send = async (event) => {
    event.preventDefault();
    const answer = await reach(unlock, new FormData(event.target));
    if (!answer.ok) return fill(answer);
    uncover();
    tabs.postMessage("unlocked");
  };

  tabs.addEventListener("message", ({ data }) => {
    if (data === "present" && !document.documentElement.dataset.covered) wait();
    if (data === "locked" && !document.documentElement.dataset.covered) { cover(); show(); }
    if (data === "unlocked") uncover();
  });
  for (const act of ["pointerdown", "keydown", "wheel", "touchmove", "focusin"])
    document.addEventListener(act, present, { passive: true });
  wait();
})();
