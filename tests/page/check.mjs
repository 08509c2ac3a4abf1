// Usage: node check.mjs MUSTER FOLDER SCREENSHOTS
import { look } from "./look.mjs";
import { byKeyboard, byMouse } from "./tasks.mjs";
import { open, serve } from "./browser.mjs";

const [muster, folder, screenshots] = process.argv.slice(2);
const served = await serve(muster, folder);
const failed = [];
const session = await open(served.address);
for (const [name, part] of [
  ...(process.env.ONLY_TASKS ? [] : [["pages", () => look(session, screenshots)]]),
  ["tasks by mouse", () => byMouse(session, folder)],
  ["tasks by keyboard", () => byKeyboard(session, folder)],
]) {
  try {
    failed.push(...((await part()) ?? []));
    console.log(`done: ${name}`);
  } catch (error) {
    await session.page.screenshot({ path: `${screenshots}/failed.png`, fullPage: true });
    failed.push(`${name}, at ${session.page.url()}: ${error.message}`);
  }
}
failed.push(...session.faults);
await session.browser.close();
served.end();
for (const line of failed) console.error(`failed: ${line}`);
console.log(failed.length === 0 ? "the page: all passed" : `the page: ${failed.length} failed`);
process.exit(failed.length === 0 ? 0 : 1);
