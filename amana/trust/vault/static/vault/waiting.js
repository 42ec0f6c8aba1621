/* Whatever page of Amana is open sends what is finished on this device, and says how much
   waits there. It is sealed to a team: nobody has to unlock for it. A page that keeps
   answers itself sends itself. Where nothing was ever kept, nothing more is loaded. */

const line = document.querySelector("[data-waits]");

const isKept = async () => {
  if (!globalThis.indexedDB || !globalThis.crypto?.subtle) return false;
  return !indexedDB.databases || (await indexedDB.databases()).some(({ name }) => name === "kept");
};

const check = async () => {
  if (!(await isKept())) return;
  const [{ Shelf }, { send, notice }] = await Promise.all([import("./sealing.js"), import("./sending.js")]);
  const shelf = await Shelf.open();
  const count = async () => {
    const { length } = await shelf.rows("f");
    line.querySelector("[data-number]").textContent = length;
    line.hidden = !length;
    line.className = length ? "notice" : "";
  };
  await count();
  await send(shelf, line.dataset, (told) => { if (told.words) line.before(notice(told)); });
  await count();
  shelf.database.close();
};

/* A pack that was revoked goes at once, whatever page is open. */
const checkPack = async () => {
  if (!line.dataset.pack || !(await isKept())) return;
  const [{ Shelf }, { contact }] = await Promise.all([import("./sealing.js"), import(line.dataset.packScript)]);
  const shelf = await Shelf.open();
  await contact(shelf, line.dataset.pack);
  shelf.database.close();
};

if (line) {
  checkPack();
  addEventListener("online", checkPack);
}
if (line && !document.querySelector("[data-saved]")) {
  check();
  addEventListener("online", check);
}
