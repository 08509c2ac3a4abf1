// Serves the page, and opens it in Chromium; whatever a page does that it must not is collected.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

// Starts `muster page` and gives its address, with the token that is good for one session, and how to end it.
export async function serve(muster, folder) {
  const server = spawn(muster, ["page"], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const told = [];
  const address = await new Promise((resolve, reject) => {
    for (const stream of [server.stdout, server.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        told.push(line);
        const found = line.match(/http:\/\/\S+/);
        if (found) resolve(found[0]);
      });
    }
    server.on("exit", () => reject(new Error(`muster page ended:\n${told.join("\n")}`)));
  });
  return { address, end: () => server.kill("SIGTERM") };
}

// A browser with one session of the page, and what was wrong in it.
export async function open(address, options = {}) {
  const executablePath = process.env.CHROMIUM ?? browsers.find(existsSync);
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const context = await browser.newContext({ acceptDownloads: true, ...options });
  const faults = [];
  const origin = new URL(address).origin;
  const page = await context.newPage();
  page.on("console", (message) => {
    // A page that is not there is reported by the browser itself.
    const missing = message.location().url.endsWith("/segments/nobody");
    if (message.type() === "error" && !missing) faults.push(`console at ${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`script at ${page.url()}: ${error.message}`));
  context.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !url.startsWith("data:")) faults.push(`another origin: ${url}`);
  });
  await page.goto(address);
  return { browser, context, page, faults, origin };
}
