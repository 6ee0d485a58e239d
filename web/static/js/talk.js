// The conversation of this tab is there again after another page or a reload: a look at a case loses no card.
// Only its id is kept here; its words stay at the server, which gives them to nobody else.
import { replay } from "./chat.js";
import { check } from "./live.js";

const KEPT = "slotwright-talk";
const field = document.querySelector("#ask [name=conversation]");

async function resume() {
  const id = sessionStorage.getItem(KEPT);
  if (!id || document.querySelector(".turn")) return;
  const headers = { accept: "application/json" };
  const kept = await fetch(`/api/conversations/${encodeURIComponent(id)}`, { headers }).then((r) => (r.ok ? r.json() : r.status), () => 0);
  if (typeof kept === "number") return kept === 404 ? sessionStorage.removeItem(KEPT) : undefined;
  if (document.querySelector(".turn")) return undefined; // somebody was faster and asked anew
  replay(kept);
  return check();
}

export function start() {
  addEventListener("pagehide", () => field.value && sessionStorage.setItem(KEPT, field.value));
  document.getElementById("afresh")?.addEventListener("click", () => {
    field.value = "";
    sessionStorage.removeItem(KEPT);
  });
  return resume();
}
