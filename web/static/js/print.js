document.documentElement.classList.add("js");
const button = document.getElementById("print");
button.hidden = false;
button.addEventListener("click", () => window.print());
