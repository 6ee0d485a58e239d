// In another site's frame a click can be steered, so nothing is confirmed there: what leads to a confirm card opens
// its page at the top, and the dialogs of this page stay shut. Capturing comes before every other script's listener.
const TOP = document.documentElement.dataset.top.split(" ");
const leaves = (address) => TOP.includes(address.pathname.split("/")[1]);

function address(form, button) {
  return new URL(button?.getAttribute("formaction") ?? form.getAttribute("action") ?? "", location.href);
}

function submit(event) {
  const form = event.target;
  if (!leaves(address(form, event.submitter))) return;
  event.stopImmediatePropagation();
  form.target = "_top";
}

function click(event) {
  const proposal = event.target.closest?.(".ask-confirm[data-proposal] button")?.parentElement.dataset.proposal;
  if (proposal) {
    event.stopImmediatePropagation();
    window.open(`/proposals/${encodeURIComponent(proposal)}`, "_top");
    return;
  }
  const link = event.target.closest?.("a[href]");
  if (link && leaves(new URL(link.href, location.href))) {
    event.stopImmediatePropagation();
    link.target = "_top";
  }
}

if (window.top !== window.self) {
  document.documentElement.classList.add("framed");
  document.addEventListener("submit", submit, true);
  document.addEventListener("click", click, true);
}
