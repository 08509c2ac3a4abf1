// The tasks of a manager, by mouse and by keyboard alone.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";

export async function byMouse(session, folder) {
  const { page } = session;
  await page.setViewportSize({ width: 1280, height: 900 });
  await needsAttention(session, (locator) => locator.click());
  await filters(session, (locator) => locator.click());
  await releases(session, (locator) => locator.click());
  await exports(session, (locator) => locator.click());
  await creates(session, folder, "Regulars by mouse", (locator) => locator.click());
  await hurries(session);
}

export async function byKeyboard(session, folder) {
  const press = (locator) => reach(session.page, locator).then(() => session.page.keyboard.press("Enter"));
  await needsAttention(session, press);
  await filters(session, async (locator) => {
    const kind = await locator.getAttribute("type");
    await reach(session.page, locator);
    await session.page.keyboard.press(kind === "checkbox" || kind === "radio" ? "Space" : "Enter");
  });
  await exports(session, press);
  await creates(session, folder, "Regulars by keyboard", press);
}

// Goes to an element as somebody without a mouse does: by Tab, until the element has the focus, which must be visible.
async function reach(page, locator) {
  await locator.waitFor();
  const wanted = await locator.elementHandle();
  for (let presses = 0; presses < 400; presses += 1) {
    await page.keyboard.press("Tab");
    if (await wanted.evaluate((element) => element === document.activeElement)) {
      const outline = await wanted.evaluate((element) => getComputedStyle(element).outlineStyle);
      assert.notEqual(outline, "none", "the focus is visible");
      return;
    }
  }
  assert.fail(`no way to ${locator} by keyboard`);
}

// Who needs attention most, and why: the first of the list, then the reasons with real values.
async function needsAttention({ page, origin }, act) {
  await page.goto(origin);
  await act(page.getByRole("link", { name: "Clients", exact: true }));
  await page.getByRole("heading", { level: 1, name: "Clients" }).waitFor();
  const first = page.locator("tbody th a").first();
  const name = await first.innerText();
  await act(first);
  await page.getByRole("heading", { level: 1, name }).waitFor();
  await act(page.getByRole("link", { name: "Show the reasons with real values" }));
  const answer = page.locator("details.answer.in").first();
  await answer.waitFor();
  await act(answer.locator("summary"));
  await answer.locator("code").first().waitFor();
  assert.match(page.url(), /\/clients\/[\w-]+/, "no name or key stands in the address");
}

// Members of two segments; the address keeps the filter.
async function filters({ page, origin }, act) {
  await page.goto(`${origin}/clients`);
  const all = await page.locator("#found").innerText();
  await act(page.locator("details.filter > summary"));
  await act(page.locator("input[value=high_attend]"));
  await act(page.locator("input[value=high_spend]"));
  await act(page.getByRole("button", { name: "Show", exact: true }));
  await page.waitForURL(/segment=high_attend&segment=high_spend/);
  assert.notEqual(await page.locator("#found").innerText(), all);
  await page.goBack();
  assert.equal(await page.locator("#found").innerText(), all);
}

// The mail that is held goes out.
async function releases({ page, origin }, act) {
  await page.goto(origin);
  await act(page.getByRole("link", { name: "Mail", exact: true }));
  await act(page.getByRole("button", { name: /^Release mail/ }).first());
  await page.waitForLoadState("networkidle");
  assert.equal(await page.getByRole("button", { name: /^Release mail/ }).count(), 0);
  await page.getByText("accepted").first().waitFor();
}

// Exactly those who are shown, as a file.
async function exports({ page, origin }, act) {
  await page.goto(`${origin}/clients?segment=high_attend&segment=high_spend`);
  const found = await page.locator("#found").innerText();
  const download = page.waitForEvent("download");
  await act(page.getByRole("link", { name: /^Export these/ }));
  const lines = readFileSync(await (await download).path(), "utf8").trimEnd().split(/\r?\n/);
  assert.equal(`${lines.length - 1} clients`, found);
}

// A segment is made, looked at before it counts, written and taken back: the rule files are as they were.
async function creates({ page, origin }, folder, name, act) {
  const files = () => readdirSync(`${folder}/rules`).filter((file) => file.endsWith(".yaml")).sort();
  const rules = () => files().map((file) => `${file}\n${readFileSync(`${folder}/rules/${file}`, "utf8")}`).join("");
  const before = rules();
  await page.goto(origin);
  await act(page.getByRole("link", { name: "New segment" }));
  await page.getByLabel("Name", { exact: true }).focus();
  await page.keyboard.type(name);
  await page.getByLabel("Condition", { exact: true }).focus();
  await page.keyboard.type("count(visits in last 30 days) >= 4");
  await page.locator("#result").getByText(/\d+ clients/).first().waitFor();
  await act(page.getByRole("button", { name: "See what would change" }));
  await page.getByRole("heading", { name: "What saving would change" }).waitFor();
  assert.equal(rules(), before, "nothing is written before it is saved");
  await act(page.getByRole("button", { name: "Save", exact: true }));
  await page.getByRole("heading", { level: 1, name: "Saved" }).waitFor();
  assert.ok(rules().includes(name), "it stands in a rule file");
  await act(page.getByRole("button", { name: "Take it back" }));
  await page.getByRole("heading", { level: 1, name: "Taken back" }).waitFor();
  assert.equal(rules(), before, "the files are as they were");
}

// Somebody types and presses at once: what was pressed is answered, and nothing else is asked any more.
async function hurries({ page, origin }) {
  await page.goto(`${origin}/create`);
  const asked = [];
  await page.route("**/create", async (route) => {
    const wanted = new URLSearchParams(route.request().postData() ?? "").get("do");
    asked.push(wanted);
    // Longer than the script waits for somebody to go on typing.
    if (wanted === "plan") await new Promise((done) => setTimeout(done, 600));
    await route.continue();
  });
  await page.getByLabel("Name", { exact: true }).fill("In a hurry");
  await page.getByLabel("Condition", { exact: true }).fill("count(visits in last 30 days) >= 4");
  await page.getByRole("button", { name: "See what would change" }).click();
  await page.getByRole("heading", { name: "What saving would change" }).waitFor();
  // A slow machine may have asked for a count before the button was pressed.
  assert.deepEqual(asked.slice(asked.indexOf("plan")), ["plan"], "nothing is asked beside what was sent");
  await page.unroute("**/create");
}
