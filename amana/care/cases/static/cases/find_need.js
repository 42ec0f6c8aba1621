/* Every need by its name, beside the pictured ones: found among the options of the first
   row, and offered as buttons that do the same. Without scripts that list is there. */

const folded = (words) => words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const options = () => [...document.querySelectorAll("[name=need-0-type] option")].filter(({ value }) => value);
const said = (option) => folded(`${option.textContent} ${option.parentElement.label ?? ""}`);

const offer = ({ value, textContent }) => {
  const item = document.createElement("li");
  item.innerHTML = '<button class="tile" name="go"></button>';
  item.firstChild.value = `need ${value}`;
  item.firstChild.textContent = textContent;
  return item;
};

const find = (box) => {
  const words = folded(box.querySelector("input").value).split(/\s+/).filter(Boolean);
  const found = words.length ? options().filter((option) => words.every((word) => said(option).includes(word))) : [];
  box.querySelector("ul").replaceChildren(...found.map(offer));
  box.querySelector("[role=status]").textContent = words.length ? `${box.dataset.found} ${found.length}` : "";
};

const clear = (box) => { box.querySelector("input").value = ""; find(box); };

const boxOf = ({ target }) => target.closest?.("[data-found]");
document.addEventListener("input", (event) => { const box = boxOf(event); if (box) find(box); });
document.addEventListener("click", (event) => {
  const box = boxOf(event);
  if (box && event.target.closest("button")) setTimeout(clear, 0, box); /* after it is sent */
});
document.addEventListener("keydown", (event) => {
  const box = boxOf(event);
  if (!box) return;
  const { key, target } = event;
  const stops = [...box.querySelectorAll("input, button")];
  const to = { ArrowDown: 1, ArrowUp: -1 }[key];
  if (to) stops[stops.indexOf(target) + to]?.focus();
  else if (key === "Escape") { clear(box); stops[0].focus(); }
  else if (key === "Enter" && target === stops[0]) stops[1]?.click();
  else return;
  event.preventDefault();
});
