// A case's or a confirm card's page: Escape leads back without a change, and a hold counts down by the server's clock.
const back = document.querySelector("[data-back]");
const left = document.querySelector("[data-held]");
const begun = performance.now();

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && back && !event.defaultPrevented && !event.target.closest("dialog, [role=dialog]")) back.click();
});

function count() {
  const seconds = Number(left.dataset.held) - (performance.now() - begun) / 1000;
  left.textContent = `, ${seconds > 0 ? left.dataset.minutes.replace("%", Math.ceil(seconds / 60)) : left.dataset.over}`;
  if (seconds > 0) setTimeout(count, 1000);
}

if (left) count();
