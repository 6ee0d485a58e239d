// The conversation: sends a request, draws its typed events as they come, one announcement at the end.
import * as board from "./board.js";
import * as book from "./book.js";
import { clone } from "./fill.js";
import { events } from "./sse.js";

const form = document.getElementById("ask");
const text = document.getElementById("text");
const stop = document.getElementById("stop");
const turns = document.getElementById("turns");
const announce = document.getElementById("announce");
const words = document.getElementById("main").dataset;
let running = null;
let replaying = false;
let following = 0;

export function start() {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const picked = event.submitter?.name === "try" ? event.submitter.value : "";
    send(picked || text.value.trim());
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  document.getElementById("fields")?.addEventListener("submit", (event) => {
    event.preventDefault();
    search(event.target);
  });
  stop.addEventListener("click", () => running?.abort());
  turns.addEventListener("pointerover", (event) => follow(event.target.closest?.(".card"), 120));
  turns.addEventListener("pointerout", () => clearTimeout(following));
  turns.addEventListener("focusin", (event) => follow(event.target.closest(".card"), 0));
  turns.addEventListener("submit", (event) => {
    const card = event.target.closest(".card");
    if (!card || card.dataset.moves) return;
    event.preventDefault();
    book.open(card, event.submitter ?? card.querySelector("[data-book]"));
  });
  turns.addEventListener("click", (event) => {
    const button = event.target.closest("[data-hold]");
    if (button) book.hold(button.closest(".card"), button);
  });
}

function follow(card, pause) {
  if (document.querySelector("dialog[open]") || !card || card.classList.contains("gone") || !card.closest("li:first-child")) return;
  clearTimeout(following);
  following = setTimeout(() => point(card), pause);
}

function point(card) {
  for (const other of turns.querySelectorAll(".card.on")) other.classList.remove("on");
  card.classList.add("on");
  board.mark(card.dataset.offer, card.dataset.date);
}

export function toCard(offer) {
  const card = turns.querySelector(`.card[data-offer="${CSS.escape(offer)}"]`);
  card?.scrollIntoView({ block: "nearest" });
  card?.querySelector("[data-book]").focus();
}

async function send(said) {
  if (!said || running) return;
  text.value = "";
  const problem = await answered(open(said), (turn) => listen(turn, said));
  if (problem && !text.value) text.value = said; // to be sent again, or changed, without typing it anew
}

// The form's search: the same turn with the same cards, from a route that needs no model.
async function search(fields) {
  if (running) return;
  const named = [...fields.querySelectorAll("#f-procedure, #f-surgeon")].filter((each) => each.value);
  const said = named.map((each) => each.selectedOptions[0].text).join(", ");
  const opened = open(said);
  await answered(opened, async (turn) => {
    const body = new URLSearchParams(new FormData(fields));
    const response = await fetch("/find", { method: "POST", headers: { accept: "application/json" }, body, signal: running.signal });
    const answer = await response.json();
    if (!response.ok) return answer.error.message;
    turn.querySelector(".said").textContent = answer.said || said;
    for (const event of answer.events) draw[event.type]?.(turn, event);
    ended(turn, answer.events.at(-1));
    return "";
  });
  opened.querySelector("summary").focus(); // the answer stands above the form: from here Tab goes on to its cards
}

async function answered(turn, work) {
  running = new AbortController();
  waiting(true);
  const outcome = await work(turn).catch(() => (running.signal.aborted ? words.stopped : words.dropped));
  running = null;
  waiting(false);
  close(turn, outcome);
  return outcome;
}

function waiting(on) {
  stop.hidden = !on;
  document.getElementById("send").disabled = on;
}

function open(said) {
  document.getElementById("start")?.remove();
  for (const old of turns.querySelectorAll("details[open]")) old.open = false;
  turns.prepend(clone("t-turn"));
  const turn = turns.firstElementChild;
  turn.querySelector(".said").textContent = said;
  announce.textContent = "";
  status(turn, words.sending);
  if (!replaying) turn.scrollIntoView({ block: "nearest" });
  return turn;
}

function status(turn, said) {
  const line = turn.querySelector(".progress");
  line.textContent = said;
  line.classList.toggle("running", Boolean(said));
}

async function listen(turn, said) {
  const response = await fetch("/api/chat", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify({ text: said, conversation: form.elements.conversation.value || null }),
    signal: running.signal,
  });
  if (!response.ok) {
    draw.error(turn, (await response.json()).error);
    return "";
  }
  for await (const event of events(response)) {
    if (event.type === "done") {
      form.elements.conversation.value = event.conversation;
      ended(turn, event);
      return "";
    }
    draw[event.type]?.(turn, event);
  }
  return words.dropped;
}

function ended(turn, { moves, stands, why_not, asks }) {
  document.getElementById("afresh")?.removeAttribute("hidden"); // who may not search has none
  if (moves) for (const card of turn.querySelectorAll(".card")) asMove(card, moves, stands);
  if (why_not) add(turn, clone("t-see-why", why_not));
  if (asks) add(turn, choices([asks]));
}

// A conversation that was kept, drawn again: nothing opens, nothing is announced, and the board stays at its day.
export function replay(kept) {
  let turn;
  replaying = true;
  for (const each of kept.turns) {
    turn = open(each.said);
    status(turn, "");
    for (const event of each.events) draw[event.type]?.(turn, event);
    ended(turn, each);
    turn.querySelector(".answer").setAttribute("aria-busy", "false");
  }
  replaying = false;
  form.elements.conversation.value = kept.conversation;
  if (turn) board.restore([...turn.querySelectorAll(".card")].flatMap((card) => card.dataset.ghosts.split(",")));
}

// What was found to move a case is taken by moving it: the card leads to that confirm card, and can't be held.
// Where the case stands already is no move: the card says so, and leads nowhere.
function asMove(card, id, stands) {
  const form = card.querySelector("form");
  const button = form.querySelector("[data-book]");
  card.dataset.moves = id;
  form.method = "post";
  form.action = `/case/${encodeURIComponent(id)}`;
  for (const [name, value] of [["action", "move"], ["back", "/"]]) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  form.querySelector("[data-hold]").remove();
  button.disabled = Boolean(stands) && card.dataset.ghosts.includes(`~${stands}~`);
  button.textContent = button.disabled ? words.here : words.move;
  button.setAttribute("aria-label", `${button.textContent}: ${card.querySelector("h3").textContent}, ${card.querySelector(".room").textContent}`);
}

// The end of a turn: what went wrong stays as a line; what was said goes to screen readers once.
function close(turn, problem) {
  const answer = turn.querySelector(".answer");
  answer.setAttribute("aria-busy", "false");
  status(turn, "");
  if (problem) draw.error(turn, { message: problem });
  const count = answer.querySelectorAll(".card").length;
  const said = [...answer.querySelectorAll(".offers > h2, .text, .banner, .why h2, .why h3")].map((node) => node.textContent);
  announce.textContent = [...said, count ? `${words.count}: ${count}.` : "", problem ? "" : words.ready].filter(Boolean).join(" ");
}

function add(turn, node) {
  turn.querySelector(".answer").append(node);
}

function paragraph(kind, said) {
  const line = document.createElement("p");
  line.className = kind;
  line.textContent = said;
  return line;
}

const draw = {
  status: (turn, event) => status(turn, event.text),
  text: (turn, event) => add(turn, clone("t-text", event)),
  notice: (turn, event) => add(turn, paragraph("banner notice", event.text)),
  error: (turn, event) => add(turn, paragraph("banner bad", event.message)),
  explanation: (turn, event) => turn.querySelector(".answer").prepend(clone("t-why", event)),
  schedule: (turn, event) => replaying || board.show(event.schedule.date_from, { push: false }),
  offers(turn, event) {
    const section = clone("t-offers", event).firstElementChild;
    section.append(...event.cards.map((card) => clone("t-offer", card)));
    if (event.near.length) section.append(clone("t-near"), ...event.near.map((card) => clone("t-offer", card)));
    if (!event.cards.length) section.querySelector("h2").remove();
    add(turn, section);
    if (!replaying) board.propose([...event.cards, ...event.near]);
  },
  question(turn, event) {
    add(turn, paragraph("text question", event.text));
    if (event.kind === "booking-details" && !replaying && fromLabel(event.offer)) return;
    if (event.choices.length) add(turn, choices(event.choices));
  },
  confirm(turn, event) {
    add(turn, clone("t-confirm"));
    const section = turn.querySelector(".answer").lastElementChild;
    const button = section.querySelector("button");
    section.dataset.proposal = event.card.id;
    section.prepend(clone("t-proposal", event.card));
    button.addEventListener("click", () => book.review(event.card, button));
  },
};

// "Book the first one": the form of that card, opened as if its button had been pressed.
function fromLabel(label) {
  const card = [...turns.querySelectorAll(".card:not(.gone)")].find((each) => each.dataset.label === label);
  if (card) book.open(card, card.querySelector("[data-book]"));
  return Boolean(card);
}

function choices(list) {
  const line = paragraph("choices", "");
  for (const choice of list) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = choice;
    button.addEventListener("click", () => send(choice));
    line.append(button);
  }
  return line;
}

const shut = (card) => { for (const button of card.querySelectorAll("[data-book], [data-hold]")) button.disabled = true; };

// A slot that went meanwhile: its card greys and says so, and what is free now stands beside it.
export function gone(offer, answer) {
  const card = turns.querySelector(`.card[data-offer="${CSS.escape(offer ?? "")}"]`);
  // What was verified with the slot still free is verified no more: only the fresh cards can be booked.
  for (const old of turns.querySelectorAll(".card:not(.gone)")) {
    shut(old);
    old.querySelector(".proof").textContent = words.stale;
  }
  const note = clone("t-gone", answer).firstElementChild;
  note.append(...answer.cards.map((fresh) => clone("t-offer", fresh)));
  if (card) {
    card.classList.add("gone");
    shut(card);
    card.querySelector(".proof").textContent = words.gone;
    card.after(note);
  } else turns.querySelector(".answer")?.append(note);
  board.withdraw(offer);
  if (answer.cards.length) board.propose(answer.cards);
  else board.show(board.date(), { push: false });
  (note.querySelector("[data-book]") ?? text).focus();
}
