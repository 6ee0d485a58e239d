// The whole text of a box on the board, on hover or focus; Escape puts it away, and the pointer may rest on it.
import { fill } from "./fill.js";

const tip = document.getElementById("tip");
const model = tip.cloneNode(true);
let leaving = 0;

function open(button) {
  clearTimeout(leaving);
  const [title, who, times] = ["long", "who", "when"].map((name) => button.querySelector(`.${name}`)?.textContent ?? "");
  const full = button.getAttribute("aria-label").split(", ");
  const fresh = model.cloneNode(true);
  fill(fresh, { title, who, times, note: full.at(-1) === times ? "" : full.slice(full.indexOf(times) + 1).join(", ") });
  tip.replaceChildren(...fresh.childNodes);
  tip.hidden = false;
  place(button.getBoundingClientRect());
}

function place(box) {
  const { width, height } = tip.getBoundingClientRect();
  const left = Math.max(8, Math.min(box.left, innerWidth - width - 8));
  const above = box.top - height - 8;
  tip.style.setProperty("left", `${left}px`);
  tip.style.setProperty("top", `${above > 8 ? above : box.bottom + 8}px`);
}

const close = () => { tip.hidden = true; };
const soon = () => { leaving = setTimeout(close, 150); };

export function start() {
  const holder = document.getElementById("day");
  const button = (event) => event.target.closest?.(".bar .hit");
  holder.addEventListener("pointerover", (event) => button(event) && open(button(event)));
  holder.addEventListener("pointerout", soon);
  holder.addEventListener("focusin", (event) => button(event)?.matches(":focus-visible") && open(button(event)));
  holder.addEventListener("focusout", soon);
  tip.addEventListener("pointerenter", () => clearTimeout(leaving));
  tip.addEventListener("pointerleave", soon);
  addEventListener("keydown", (event) => event.key === "Escape" && close());
  addEventListener("scroll", close, true);
}
