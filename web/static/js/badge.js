// How many cases wait on the worklist, beside its name on every page; kept up to date while the page is looked at.
const badge = document.getElementById("flagged");
const listed = document.querySelector("[data-entries]"); // on the worklist itself: how many it shows
const EVERY = 10_000;
let timer = 0;

async function count() {
  clearTimeout(timer);
  if (document.hidden) return;
  // A page that counts by itself isn't a person doing something: it must not keep a sign-in alive.
  const headers = { accept: "application/json", "x-background": "1" };
  const answer = await fetch("/api/worklist/count", { headers }).then((r) => (r.ok ? r.json() : null), () => null);
  if (answer) show(answer.cases);
  if (answer && listed && Number(listed.dataset.entries) !== answer.entries) document.getElementById("changed").hidden = false;
  timer = setTimeout(count, EVERY);
}

function show(cases) {
  badge.hidden = !cases;
  badge.textContent = cases || "";
  badge.setAttribute("aria-label", cases === 1 ? badge.dataset.one : badge.dataset.many.replace("%", cases));
}

if (badge) {
  document.addEventListener("visibilitychange", count);
  count();
}
