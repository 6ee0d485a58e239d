// The tour: one step after the other, each pointing at its part of the page. The server has the browser remember, for
// this person, that it was closed: a cookie outlives signing out, which clears all else that a page could keep.
const tour = document.getElementById("tour");
const steps = [...tour.querySelectorAll("li")];
const next = tour.querySelector("[data-next]");
let at = 0;

function show(step) {
  document.querySelector(".tour-on")?.classList.remove("tour-on");
  at = step;
  for (const [index, item] of steps.entries()) item.hidden = index !== at;
  tour.querySelector("[data-step]").textContent = at + 1;
  if (at === steps.length - 1) next.textContent = next.dataset.last;
  document.querySelector(steps[at].dataset.at)?.classList.add("tour-on");
}

// Kept alive, so that it arrives though the page is left at once.
const remember = () => fetch("/tour", { method: "POST", keepalive: true }).catch(() => null);

function close() {
  remember();
  const inside = tour.contains(document.activeElement);
  document.querySelector(".tour-on")?.classList.remove("tour-on");
  tour.remove();
  if (inside) document.getElementById("text")?.focus();
}

next.addEventListener("click", () => (at === steps.length - 1 ? close() : show(at + 1)));
tour.querySelector("[data-close]").addEventListener("click", close);
tour.addEventListener("keydown", (event) => event.key === "Escape" && close());
tour.hidden = false;
show(0);
