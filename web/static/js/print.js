// A page without an answer yet has nothing to print.
document.documentElement.classList.add("js");
const button = document.getElementById("print");
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
