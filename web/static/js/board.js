// The board: draws a day, keeps the offered slots as ghosts on it, marks one of them, moves by keys.
import { clone } from "./fill.js";

const panel = document.getElementById("board");
const title = document.getElementById("board-title");
const holder = document.getElementById("day");
const narrow = matchMedia("(max-width: 37.5rem)");
let slots = [...document.querySelectorAll(".card[data-ghosts]")].flatMap((card) => card.dataset.ghosts.split(","));
let asked = 0;
let wanted = panel.dataset.date;
let marked = null;
let fresh = null;

export const date = () => panel.dataset.date;

export async function show(day, { push = true } = {}) {
  const turn = ++asked;
  wanted = day;
  const query = new URLSearchParams({ date: day });
  for (const slot of slots) query.append("slot", slot);
  const board = await fetch(`/api/board?${query}`).then((response) => (response.ok ? response.json() : null), () => null);
  if (turn !== asked) return false;
  if (!board) {
    wanted = date();
    return false;
  }
  draw(board);
  if (push) remember();
  return true;
}

function draw(board) {
  holder.replaceChildren(clone("t-day", board));
  title.textContent = board.title;
  const zone = document.querySelector(".zone");
  if (zone) zone.textContent = zone.dataset.said.replace("%", board.zone);
  document.title = `${board.title} · Slotwright`;
  panel.dataset.date = board.date;
  document.getElementById("date").value = board.date;
  document.querySelector("#ask [name=date]").value = board.date;
  aim("previous", board.previous);
  aim("next", board.next);
  for (const link of document.querySelectorAll(".views a")) link.href = address(board.date, link.dataset.view);
  for (const link of document.querySelectorAll("[data-day]")) link.href = more(link.dataset.day, board.date);
  if (fresh) for (const bar of holder.querySelectorAll(".bar.case")) bar.classList.toggle("fresh", bar.dataset.id === fresh);
  rove();
  emphasise();
}

// The week and the day's sheets; the week draws the same offers in their places.
const more = (page, day) => `${page}?${new URLSearchParams([["date", day], ...(page === "/week" ? slots.map((slot) => ["slot", slot]) : [])])}`;
const address = (day, view) => `/?${new URLSearchParams({ date: day, view })}`;

function aim(id, day) {
  const link = document.getElementById(id);
  link.href = address(day, panel.dataset.view);
}

function remember() {
  history.pushState({ date: date() }, "", address(date(), panel.dataset.view));
}

// Which offers are drawn: `cards` as the server sent them; their geometry is worked out there too.
export async function propose(cards) {
  slots = cards.flatMap((card) => card.ghosts);
  marked = null;
  await show(cards.length ? cards[0].date : date(), { push: false });
}

// The ghosts of a conversation that is drawn again, on the day that is open.
export async function restore(ghosts) {
  slots = ghosts;
  await show(date(), { push: false });
}

export async function withdraw(offer) {
  slots = slots.filter((slot) => slot.split("~")[0] !== offer);
}

export async function booked(day, id) {
  fresh = id;
  slots = [];
  marked = null;
  await show(day);
  shown(".bar.fresh, .listed")[0]?.scrollIntoView({ block: "nearest", inline: "center" });
}

const shown = (selector) => [...holder.querySelectorAll(selector)].filter((node) => node.getClientRects().length);

// Marks the ghost of one offer, on whatever day it is, and brings it into view without moving the page.
export async function mark(offer, day) {
  marked = offer;
  if (day === wanted) emphasise();
  else await show(day, { push: false });
}

function emphasise() {
  for (const node of holder.querySelectorAll(".on")) node.classList.remove("on");
  if (!marked) return;
  const ghosts = shown(`.ghost[data-id="${CSS.escape(marked)}"]`);
  for (const ghost of ghosts) ghost.classList.add("on");
  if (ghosts[0]) reveal(ghosts[0]);
}

function reveal(ghost) {
  const box = ghost.closest(".scroll");
  if (box) {
    const { right: room, bottom: head } = box.querySelector("th").getBoundingClientRect();
    const place = ghost.getBoundingClientRect();
    const frame = box.getBoundingClientRect();
    if (place.left < room || place.right > frame.right) box.scrollLeft += place.left - room - 16;
    if (place.top < head || place.bottom > frame.bottom) box.scrollTop += place.top - (head + frame.bottom - place.height) / 2;
  }
  const { top, bottom } = ghost.getBoundingClientRect();
  const stacked = panel.offsetLeft === document.querySelector(".chat").offsetLeft;
  if (!stacked && (top < 0 || bottom > innerHeight)) ghost.scrollIntoView({ block: "center", inline: "nearest" });
}

// One tab stop on the board; arrows move in time and between rooms, Home and End within a room.
function rove() {
  const all = buttons();
  if (!all.length) holder.querySelector(".scroll").tabIndex = 0; // an empty day is scrolled by keys, too
  for (const [index, button] of all.entries()) button.tabIndex = index ? -1 : 0;
}

const buttons = () => [...holder.querySelectorAll(".bar .hit")];

function step(from, key) {
  const lane = [...from.closest("ul").querySelectorAll(".hit")];
  const here = lane.indexOf(from);
  if (key === "ArrowRight") return lane[here + 1];
  if (key === "ArrowLeft") return lane[here - 1];
  if (key === "Home") return lane[0];
  if (key === "End") return lane.at(-1);
  return beside(from, key === "ArrowDown" ? 1 : -1);
}

function beside(from, way) {
  const rows = [...holder.querySelectorAll("tbody tr")];
  const middle = centre(from);
  for (let row = rows.indexOf(from.closest("tr")) + way; rows[row]; row += way) {
    const near = [...rows[row].querySelectorAll(".hit")];
    if (near.length) return near.reduce((best, next) => (Math.abs(centre(next) - middle) < Math.abs(centre(best) - middle) ? next : best));
  }
  return undefined;
}

const centre = (node) => node.getBoundingClientRect().left + node.getBoundingClientRect().width / 2;

function keys(event) {
  const from = event.target.closest(".bar .hit");
  if (!from || !/^(Arrow|Home$|End$)/.test(event.key)) return;
  event.preventDefault();
  const to = step(from, event.key);
  if (!to) return;
  from.tabIndex = -1;
  to.tabIndex = 0;
  to.focus();
}

// With no view chosen, the width chooses; the button says which one it is.
function current() {
  const view = panel.dataset.view === "auto" ? (narrow.matches ? "list" : "board") : panel.dataset.view;
  for (const link of document.querySelectorAll(".views a")) {
    if (link.dataset.view === view) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

// "#at-ID": whoever comes back from a case's page finds the focus where it was.
function arrive() {
  const id = location.hash.startsWith("#at-") && decodeURIComponent(location.hash.slice(4));
  const place = id && shown(`[data-id="${CSS.escape(id)}"] :is(.hit, a)`)[0];
  if (!place) return;
  for (const other of buttons()) other.tabIndex = -1;
  place.tabIndex = 0;
  place.focus();
}

export function start(goToCard) {
  rove();
  current();
  arrive();
  narrow.addEventListener("change", current);
  holder.addEventListener("keydown", keys);
  holder.addEventListener("click", (event) => {
    const ghost = event.target.closest(".ghost");
    if (ghost) goToCard(ghost.dataset.id);
    const day = event.target.dataset.go;
    if (!day || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    show(day);
  });
  for (const id of ["previous", "next", "today"]) {
    document.getElementById(id).addEventListener("click", (event) => {
      event.preventDefault();
      show(new URL(event.currentTarget.href).searchParams.get("date"));
    });
  }
  document.getElementById("go").addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("date").addEventListener("change", (event) => {
    if (event.target.checkValidity()) show(event.target.value);
  });
  for (const link of document.querySelectorAll(".views a")) link.addEventListener("click", change);
  addEventListener("popstate", () => location.reload());
}

function change(event) {
  event.preventDefault();
  panel.dataset.view = event.currentTarget.dataset.view;
  current();
  remember();
}
