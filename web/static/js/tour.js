// The tour: one step after the other, each pointing at its part of the page. Closing it is remembered in this browser
// for this person; a cookie, since signing out clears the browser's other storage.
const tour = document.getElementById("tour");
const steps = [...tour.querySelectorAll("li")];
const next = tour.querySelector("[data-next]");
const COOKIE = "slotwright-tour";
let at = 0;

function show(step) {
  document.querySelector(".tour-on")?.classList.remove("tour-on");
  at = step;
  for (const [index, item] of steps.entries()) item.hidden = index !== at;
  tour.querySelector("[data-step]").textContent = at + 1;
  if (at === steps.length - 1) next.textContent = next.dataset.last;
  document.querySelector(steps[at].dataset.at)?.classList.add("tour-on");
}

function remember() {
  const known = document.cookie.split("; ").find((each) => each.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1) ?? "";
  const marks = new Set([...known.split(".").filter(Boolean), tour.dataset.mark]);
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${COOKIE}=${[...marks].slice(-20).join(".")}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}

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
