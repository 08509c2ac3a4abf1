// What a page can do without a script, it does without; this makes it quicker.
"use strict";

// A newer run: offer to reload, never reload by itself.
const shown = document.querySelector("[data-run]");
if (shown) {
  const look = async () => {
    if (document.hidden) return;
    const answer = await fetch("/newer?run=" + encodeURIComponent(shown.dataset.run)).catch(() => null);
    if (!answer || !answer.ok || answer.redirected) return;
    const run = await answer.text();
    if (!run || document.querySelector(".newer")) return;
    const offer = document.createElement("p");
    offer.className = "newer";
    offer.setAttribute("role", "status");
    const link = document.createElement("a");
    link.href = location.href;
    link.textContent = "Show it";
    offer.append("Run " + run + " was published meanwhile. ", link);
    shown.before(offer);
  };
  setInterval(look, 30000);
  document.addEventListener("visibilitychange", look);
}
