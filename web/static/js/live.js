// What others change appears here: the open day is drawn anew, and a card whose slot is taken greys with the reason.
import * as board from "./board.js";

const feed = "/api/changes";
let waiting = false;

async function changed(event) {
  const { changes, whole } = JSON.parse(event.data);
  if (whole !== false && !changes.length) return;
  const days = new Set(changes.flatMap((each) => each.days ?? []));
  const records = whole === false || changes.some((each) => !each.days?.length);
  if (records || days.has(board.date())) await redraw();
  await check();
}

// The place of the keyboard on the board stays where it was.
async function redraw() {
  const held = document.activeElement?.closest("#day [data-id]")?.dataset.id;
  await board.show(board.date(), { push: false });
  if (held) document.querySelector(`#day .bar[data-id="${CSS.escape(held)}"] .hit`)?.focus({ preventScroll: true });
}

export async function check() {
  const cards = [...document.querySelectorAll(".card:not(.gone)")];
  if (waiting || !cards.length || document.querySelector("dialog[open]")) return;
  waiting = true;
  const body = JSON.stringify({ offers: [...new Set(cards.map((card) => card.dataset.offer))].slice(0, 60) });
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch("/api/still-free", { method: "POST", headers, body }).then((r) => (r.ok ? r.json() : null), () => null);
  waiting = false;
  for (const { offer, reason } of answer?.gone ?? []) {
    for (const card of cards.filter((each) => each.dataset.offer === offer)) grey(card, reason);
    await board.withdraw(offer);
  }
  if (answer?.gone.length) await board.show(board.date(), { push: false });
}

function grey(card, reason) {
  card.classList.add("gone");
  card.querySelector("[data-book]").disabled = true;
  for (const button of card.querySelectorAll("[data-hold]")) button.disabled = true;
  card.querySelector(".proof").textContent = `${document.getElementById("main").dataset.gone} ${reason}`;
}

export function start() {
  const source = new EventSource(feed);
  source.addEventListener("changes", changed);
  addEventListener("pagehide", () => source.close());
}
