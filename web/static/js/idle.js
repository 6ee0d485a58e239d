// Warns two minutes before idleness signs out, and keeps what was typed for the same person in the same tab.
// Only fields marked data-keep are kept: patients' names, numbers and birth dates never are.
const WARN = 120;
const KEPT = "slotwright-kept";
const dialog = document.getElementById("idle");
const person = dialog.dataset.person;
let timer = 0;

function keep() {
  const values = {};
  for (const field of document.querySelectorAll("[data-keep]")) if (field.id && field.value) values[field.id] = field.value;
  if (Object.keys(values).length) sessionStorage.setItem(KEPT, JSON.stringify({ person, values }));
}

function restore() {
  const text = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT); // somebody else's is gone with it
  if (!text) return;
  const kept = JSON.parse(text);
  if (kept.person !== person) return;
  for (const [id, value] of Object.entries(kept.values)) {
    const field = document.getElementById(id);
    if (field?.matches("[data-keep]") && !field.value) field.value = value;
  }
}

function wait(left) {
  clearTimeout(timer);
  // setTimeout stands still while a laptop sleeps, so the server is asked for what is really left.
  if (left > WARN) timer = setTimeout(() => look(), Math.min(left - WARN, 60) * 1000);
  else {
    if (!dialog.open && left > 0) dialog.showModal();
    if (left > 0) timer = setTimeout(() => look(), Math.min(left + 1, 10) * 1000);
    else leave();
  }
}

function leave() {
  keep();
  const here = location.pathname + location.search;
  location.assign(`/sign-in?idle=true&next=${encodeURIComponent(here)}`);
}

async function look(path = "/api/me", method = "GET") {
  try {
    const answer = await fetch(path, { method, headers: { accept: "application/json" } });
    if (answer.status === 401) return leave();
    const { seconds_left: left } = await answer.json();
    if (left > WARN && dialog.open) dialog.close();
    wait(left ?? 0);
  } catch {
    timer = setTimeout(() => look(), 10_000); // the network is away; nothing typed is lost
  }
}

dialog.addEventListener("close", () => look("/api/me/stay", "POST"));
dialog.addEventListener("look", () => look()); // a page that saw the server refuse something asks at once
document.addEventListener("visibilitychange", () => document.hidden || look());
restore();
wait(Number(dialog.dataset.left));
