// Booking in two steps in one dialog: patient and side, then the confirm card. Each button posts once.
import * as board from "./board.js";
import { clone } from "./fill.js";

const dialog = document.getElementById("booking");
const patient = document.getElementById("patient");
const confirming = document.getElementById("confirming");
const words = document.getElementById("main").dataset;
const announce = document.getElementById("announce");
let offer = null;
let proposal = null;
let key = "";
let busy = false;
let carried = false; // the patient typed for a slot that was lost
let opener = null;
let refused = () => {};

export function start(onConflict) {
  refused = onConflict;
  patient.addEventListener("submit", (event) => { event.preventDefault(); once(patient, propose); });
  confirming.addEventListener("submit", (event) => { event.preventDefault(); once(confirming, confirm); });
  for (const button of dialog.querySelectorAll("[data-close]")) button.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => opener?.isConnected && opener.focus());
  dialog.addEventListener("cancel", (event) => { if (busy) event.preventDefault(); });
}

export function open(card, button) {
  offer = card.dataset.offer;
  opener = button;
  step(patient);
  // Only into a slot offered instead of the lost one: any other may be for somebody else.
  if (!carried || !card.closest(".gone-note")) patient.reset();
  carried = false;
  const side = patient.querySelector("[data-side]");
  side.hidden = side.disabled = !card.dataset.sided;
  patient.querySelector(".slot").textContent = [...card.querySelectorAll(".case-line")].map(line).join("; ");
  dialog.showModal();
  patient.elements.name.focus();
}

const line = (node) => ["h3", ".room", ".what"].map((part) => node.querySelector(part).textContent.trim()).join(", ");

// A proposal that came through the conversation: the patient is known already.
export function review(shown, button) {
  offer = null;
  whose(null);
  opener = button;
  ready(shown);
  dialog.showModal();
  confirming.querySelector("[data-close]").focus();
}

// A hold needs no patient: its confirm card comes at once; what stands against it is said on the card.
export async function hold(card, button) {
  const response = await post("/api/proposals", { action: "hold", offer: card.dataset.offer });
  const answer = await response.json();
  if (response.ok) {
    review(answer.card, button);
    offer = card.dataset.offer;
    return undefined;
  }
  if (!answer.reason) {
    card.querySelector(".proof").textContent = answer.error.message;
    return undefined;
  }
  announce.textContent = answer.first;
  return refused(card.dataset.offer, answer);
}

function step(form) {
  dialog.setAttribute("aria-labelledby", form === patient ? "booking-title" : "confirming-title");
  for (const each of [patient, confirming]) {
    each.hidden = each !== form;
    problem(each, "");
  }
}

function problem(form, text) {
  const banner = form.querySelector("[data-problem]");
  banner.textContent = text;
  banner.hidden = !text;
}

async function once(form, act) {
  if (busy) return;
  busy = true;
  form.setAttribute("aria-busy", "true");
  try {
    problem(form, "");
    await act();
  } catch {
    problem(form, form === patient ? words.dropped : words.unsure);
  } finally {
    busy = false;
    form.removeAttribute("aria-busy");
  }
}

const post = (address, body, headers = {}) =>
  fetch(address, { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) });

// What was filled in; an empty field says nothing, and its rule stays unchecked.
function known(form) {
  const flags = form.getAll("flags");
  const filled = [...form].filter(([name, value]) => name !== "flags" && value !== "");
  return { ...Object.fromEntries(filled), ...(flags.length ? { flags } : {}) };
}

async function propose() {
  if (!patient.reportValidity()) return;
  const { flags, laterality, ...typed } = known(new FormData(patient));
  const body = { action: "book", offer, patient: flags ? { ...typed, flags: flags.filter((each) => each !== "none") } : typed };
  if (laterality) body.laterality = laterality;
  const response = await post("/api/proposals", body);
  const answer = await response.json();
  if (response.ok) {
    whose(typed);
    ready(answer.card);
    confirming.querySelector("button.primary").focus();
  } else if (answer.reason) gone(answer);
  else problem(patient, answer.error.message);
}

// Who it is for, to be read once more; it comes from the fields above and never leaves this page.
function whose(typed) {
  const line = document.getElementById("whose");
  line.hidden = !typed;
  if (!typed) return;
  const born = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeZone: "UTC" });
  const known = { n: typed.name, m: typed.mrn, b: born.format(new Date(typed.birth_date)) };
  line.textContent = line.dataset.said.replace(/%([nmb])/g, (_, key) => known[key]);
}

function ready(card) {
  proposal = card.id;
  key = crypto.randomUUID();
  document.getElementById("confirming-title").textContent = card.title;
  confirming.querySelector("[data-verb]").textContent = card.verb;
  confirming.querySelector("[data-proposal]").replaceChildren(clone("t-proposal", card));
  step(confirming);
}

async function confirm() {
  const response = await post(`/api/proposals/${encodeURIComponent(proposal)}/confirm`, {}, { "Idempotency-Key": key });
  const answer = await response.json();
  if (answer.reason) return gone(answer);
  if (!response.ok) return problem(confirming, answer.error.message);
  finish();
  opener = null; // the banner takes the focus at once: whoever types on meanwhile keeps it
  const banner = document.createElement("div");
  banner.id = "booked";
  banner.className = "banner good";
  banner.tabIndex = -1;
  const line = document.createElement("p");
  line.textContent = answer.booked.said;
  banner.append(line, ...(answer.action === "undo" ? [] : clone("t-undo").childNodes));
  document.getElementById("booked")?.remove();
  document.getElementById("turns").before(banner);
  banner.focus({ preventScroll: true });
  announce.textContent = answer.booked.said;
  for (const card of document.querySelectorAll(".card:not(.gone)")) if (card.dataset.offer === offer) taken(card, answer.booked.said);
  await board.booked(answer.booked.date, answer.booked.id);
}

// The card that one has taken oneself says so; that it isn't free any more goes without saying.
function taken(card, said) {
  card.classList.add("gone", "mine");
  for (const button of card.querySelectorAll("button")) button.disabled = true;
  card.querySelector(".proof").textContent = said;
}

function gone(answer) {
  finish(true);
  announce.textContent = answer.first;
  refused(offer, answer);
}

function finish(lost = false) {
  dialog.close();
  carried = lost && offer !== null;
  if (!carried) patient.reset();
  whose(null);
  confirming.querySelector("[data-proposal]").replaceChildren();
}
