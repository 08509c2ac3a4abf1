// While somebody types: what is wrong, who would be in it, what would be written. And names for the condition.
"use strict";

const form = document.getElementById("edit");
const result = document.getElementById("result");
let asked = 0;
let timer;
let request = new AbortController();

// What was asked before is asked no more.
function forget() {
  clearTimeout(timer);
  asked += 1;
  request.abort();
  request = new AbortController();
}

async function look() {
  forget();
  const mine = asked;
  const typed = new URLSearchParams(new FormData(form));
  typed.set("do", "count");
  typed.set("part", "1");
  const answer = await fetch(form.getAttribute("action"), { method: "POST", body: typed, signal: request.signal }).catch(() => null);
  // An answer to an older text says nothing about this one.
  if (mine !== asked) return;
  if (!answer || !answer.ok || answer.redirected) {
    // Nor does what was shown before.
    const words = document.createElement("p");
    words.className = "note";
    words.textContent = "What you typed could not be checked just now; “Count” tries again.";
    result.replaceChildren(words);
    return;
  }
  const html = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (mine === asked) result.replaceChildren(...html.body.childNodes);
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(look, 250);
});

// Whoever sends the form wants that answer and no other.
form.addEventListener("submit", forget);

// Completion of the condition: a list below it, by keyboard as a combobox.
const box = document.getElementById("when");
const list = document.createElement("ul");
list.id = "suggestions";
list.className = "suggestions";
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", "Suggestions");
list.hidden = true;
box.after(list);
// A box of several lines is no combobox; it has a list of suggestions all the same.
box.setAttribute("aria-haspopup", "listbox");
box.setAttribute("aria-autocomplete", "list");
box.setAttribute("aria-controls", list.id);

// What was loaded, by address.
const loaded = new Map();
let chosen = -1;
let word = "";

async function load(address) {
  if (loaded.has(address)) return loaded.get(address);
  const answer = await fetch(address).catch(() => null);
  // What failed is tried again.
  if (!answer || !answer.ok || answer.redirected) return [];
  loaded.set(address, await answer.json());
  return loaded.get(address);
}

// What stands before the cursor: a value in quotes behind a column, or the beginning of a name.
async function suggestions() {
  const before = box.value.slice(0, box.selectionStart);
  const quoted = before.match(/([\w.]+)\s*(?:=|!=|contains|starts with|ends with|in \((?:[^)"]|"[^"]*")*)\s*"([^"]*)$/u);
  if (quoted) {
    word = quoted[2];
    const found = await load("/names/texts?name=" + encodeURIComponent(quoted[1]));
    return found.filter((text) => text.toLowerCase().startsWith(word.toLowerCase())).map((text) => ({ name: text, kind: "value", insert: text + '"' }));
  }
  if ((before.match(/"/g) || []).length % 2) return [];
  word = (before.match(/[\p{L}_][\p{L}\p{N}_.]*$/u) || [""])[0];
  if (!word) return [];
  const begins = word.toLowerCase();
  const found = (await load("/names/all")).filter((name) => name.name.toLowerCase().startsWith(begins) && name.name.toLowerCase() !== begins);
  return found.map((name) => ({ ...name, insert: name.name }));
}

function close() {
  list.hidden = true;
  chosen = -1;
  box.removeAttribute("aria-activedescendant");
}

function mark(place) {
  const items = list.children;
  if (!items.length) return;
  chosen = (place + items.length) % items.length;
  for (const [at, item] of [...items].entries()) item.setAttribute("aria-selected", String(at === chosen));
  items[chosen].scrollIntoView({ block: "nearest" });
  box.setAttribute("aria-activedescendant", items[chosen].id);
}

function take(item) {
  const at = box.selectionStart;
  box.setRangeText(item.dataset.insert, at - word.length, at, "end");
  close();
  box.focus();
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

async function suggest() {
  const found = (await suggestions()).slice(0, 12);
  list.replaceChildren(...found.map((one, at) => {
    const item = document.createElement("li");
    item.id = "suggestion-" + at;
    item.setAttribute("role", "option");
    item.dataset.insert = one.insert;
    const name = document.createElement("bdi");
    name.textContent = one.name;
    const kind = document.createElement("span");
    kind.className = "soft";
    kind.textContent = " " + one.kind;
    item.append(name, kind);
    item.addEventListener("mousedown", (event) => { event.preventDefault(); take(item); });
    return item;
  }));
  list.hidden = !found.length;
  chosen = -1;
  box.removeAttribute("aria-activedescendant");
}

box.addEventListener("input", suggest);
box.addEventListener("blur", close);
box.addEventListener("keydown", (event) => {
  if (list.hidden) {
    if (event.key === " " && event.ctrlKey) { event.preventDefault(); suggest(); }
    return;
  }
  if (event.key === "ArrowDown") { event.preventDefault(); mark(chosen + 1); }
  else if (event.key === "ArrowUp") { event.preventDefault(); mark(chosen - 1); }
  else if ((event.key === "Enter" || event.key === "Tab") && chosen >= 0) { event.preventDefault(); take(list.children[chosen]); }
  else if (event.key === "Escape") { event.preventDefault(); close(); }
});
