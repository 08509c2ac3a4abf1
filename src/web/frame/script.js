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

// A part of the page that takes a moment: shown in its place instead of on a page of its own.
for (const part of document.querySelectorAll("[data-load]")) {
  const link = part.querySelector("a.button");
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    link.setAttribute("aria-disabled", "true");
    const waits = document.createElement("p");
    waits.setAttribute("role", "status");
    waits.textContent = "The data is being queried …";
    link.after(waits);
    const answer = await fetch(part.dataset.load + "?part=1").catch(() => null);
    if (!answer || !answer.ok || answer.redirected) {
      location.href = link.href;
      return;
    }
    const html = new DOMParser().parseFromString(await answer.text(), "text/html");
    link.parentElement.replaceWith(...html.body.childNodes);
    const heading = part.querySelector("h2");
    heading.tabIndex = -1;
    heading.focus();
  });
}

// Work that is being done: look again until it is not.
if (document.querySelector("[data-watch]")) {
  setTimeout(() => location.reload(), 2000);
}
