// Holds the HTML of mails against what mail programs support, by the data of caniemail.com.
// Usage: node check.mjs FILE...
import { caniemail } from "caniemail";
import { readFileSync } from "node:fs";

const CLIENTS = ["gmail.*", "outlook.*", "apple-mail.*", "yahoo.*"];

// What some of these programs leave out, and what readers there see instead. Anything else that one of them does
// not support is a fault.
const MISSED = {
  "color-scheme CSS property": "the program's own dark mode, or none",
  "color-scheme meta tag": "the program's own dark mode, or none",
  "<style> element": "the colours of light mode, which stand inline",
  "@media": "the colours of light mode, which stand inline",
  "<body> element": "the program's own margins",
  "overflow-wrap": "a long word without a break makes the mail wider",
  "word-break": "a long word without a break makes the mail wider",
  "overflow": "the same: the data counts `overflow-wrap` for it",
  "white-space": "a figure may stand on two lines",
  "<bdi> element": "the name itself; what stands beside one written from right to left may change its side",
  "role attribute": "a screen reader says that a bar is a table",
};

let faults = 0;
for (const file of process.argv.slice(2)) {
  const { issues } = caniemail({ clients: CLIENTS, html: readFileSync(file, "utf8") });
  const clients = new Map();
  for (const [client, found] of issues.errors) {
    for (const { title } of found) clients.set(title, (clients.get(title) ?? new Set()).add(client));
  }
  for (const [title, of] of clients) {
    if (title in MISSED) continue;
    console.error(`${file}: ${title} is not supported by ${[...of].join(", ")}`);
    faults += 1;
  }
  console.log(`${file}: ${clients.size} features are missing somewhere, each with something in its place`);
}
process.exit(faults === 0 ? 0 : 1);
