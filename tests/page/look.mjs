// Every page, light and dark, narrow and wide: axe, no sideways scrolling, a picture of it.
import { readFileSync } from "node:fs";

const axe = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const widths = [320, 1280, 1600];

// The address of the first client in the list.
export async function somebody(page, origin) {
  await page.goto(`${origin}/clients`);
  return page.locator("tbody th a").first().getAttribute("href");
}

export async function look({ page, origin }, screenshots) {
  const client = await somebody(page, origin);
  const pages = {
    segments: "/",
    segment: "/segments/champion",
    "segment-new": "/create",
    "segment-edit": "/segments/champion/edit",
    clients: "/clients",
    "clients-filtered": "/clients?segment=high_attend&segment=high_spend&match=all",
    client,
    "client-why": `${client}/why`,
    "client-forget": `${client}/forget`,
    runs: "/runs",
    mail: "/mail",
    report: "/mail/managers",
    health: "/health",
    missing: "/segments/nobody",
  };
  const failed = [];
  for (const [name, path] of Object.entries(pages)) {
    for (const width of widths) {
      for (const colorScheme of ["light", "dark"]) {
        const where = `${name}, ${width} px, ${colorScheme}`;
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        const answer = await page.goto(origin + path);
        await page.waitForLoadState("networkidle");
        const expected = name === "missing" ? 404 : 200;
        if (answer.status() !== expected) failed.push(`${where}: status ${answer.status()}`);
        const beyond = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        if (beyond > 0) failed.push(`${where}: ${beyond} px beyond the right edge`);
        await page.screenshot({ path: `${screenshots}/${name}-${width}-${colorScheme}.png`, fullPage: true });
        // What is folded away is looked at as well.
        await page.evaluate(() => document.querySelectorAll("details").forEach((part) => (part.open = true)));
        failed.push(...(await violations(page)).map((line) => `${where}: ${line}`));
      }
    }
  }
  return failed;
}

// Run beside the page's own scripts: its policy lets no other script in.
async function violations(page) {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send("Page.getFrameTree");
  const world = await session.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id });
  const contextId = world.executionContextId;
  await session.send("Runtime.evaluate", { contextId, expression: axe });
  const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
    contextId,
    awaitPromise: true,
    returnByValue: true,
    expression: `axe.run(document, { iframes: false }).then((found) => found.violations.map((one) =>
      one.id + ": " + one.help + ": " + one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")))`,
  });
  await session.detach();
  return exceptionDetails ? [`axe: ${exceptionDetails.exception?.description}`] : result.value;
}
