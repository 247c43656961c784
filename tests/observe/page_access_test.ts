/**
 * The dashboard's page in a real browser: on a phone, with the keyboard, and for all eyes.
 */

import { assert, assertEquals } from "@std/assert";
import { Dashboard } from "../../lib/observe/dashboard/dashboard.ts";
import type { Page } from "./browser.ts";
import { browserTest, enterToken, frameOf, IS_LIVE, startStub } from "./page_support.ts";

const CONTRAST = await Deno.readTextFile(new URL("./contrast.js", import.meta.url));

/** What has the focus, by its id; the rest by what it is. */
const FOCUSED = `(() => {
  const element = document.activeElement;
  if (element === document.body) return "";
  return element.id || element.getAttribute("aria-labelledby") || element.name || element.className;
})()`;

/** Presses Tab until the focus comes back, and gives all that it was on. */
async function walk(page: Page): Promise<string[]> {
  const seen: string[] = [];
  for (;;) {
    await page.press("Tab");
    const focused = String(await page.evaluate(FOCUSED));
    if (focused === "" || focused === seen[0]) return seen;
    seen.push(focused);
    assert(seen.length < 50, seen.join());
    const isShown = "document.activeElement.checkVisibility({ opacityProperty: false }) && " +
      "[document.activeElement, document.activeElement.nextElementSibling].some((element) => " +
      "element && getComputedStyle(element).outlineStyle !== 'none')";
    assertEquals(await page.evaluate(isShown), true, `${focused} shows that it has the focus`);
  }
}

browserTest(
  "everything is reached with the keyboard, in the order in which it is read",
  async (browser) => {
    await using client = await startStub();
    await using dashboard = await Dashboard.start({ client, port: 0, control: true });
    const page = await browser.open(dashboard.url);
    await page.until(IS_LIVE);
    const walked = [
      ...["skip", "instrument", "span", "pause", "token"],
      ...["orders-title", "fills-title", "overview-title", "log-level", "log-box"],
    ];
    assertEquals(await walk(page), walked);
    await enterToken(page, "a token");
    await page.evaluate("document.activeElement.blur()");
    assertEquals(await walk(page), walked.toSpliced(5, 0, "cancel-all"));

    await page.evaluate("document.querySelector('.skip').focus()");
    await page.press("Enter");
    assertEquals(await page.evaluate("document.activeElement.id"), "main");
    await page.evaluate("document.querySelector('#instrument').focus()");
    await page.press("ArrowDown");
    await page.until("document.title.startsWith('ethusdt')");
    await page.until("/^\\d,\\d{3}\\.\\d\\d$/.test(document.querySelector('#bid').textContent)");
    await page.evaluate("document.querySelector('#span :checked').focus()");
    await page.press("ArrowRight");
    assertEquals(await page.evaluate("document.querySelector('#span :checked').value"), "600");
    // A dialog takes the focus, and gives it back.
    await page.evaluate("document.querySelector('#cancel-all').focus()");
    await page.press("Enter");
    await page.until("document.querySelector('#confirm').open");
    assertEquals(await page.evaluate("document.activeElement.textContent"), "Keep it");
    await page.press("Escape");
    await page.until("!document.querySelector('#confirm').open");
    assertEquals(await page.evaluate("document.activeElement.id"), "cancel-all");
  },
);

browserTest("a page that is paused holds its figures, but not bad news", async (browser) => {
  const client = await startStub();
  await using dashboard = await Dashboard.start({ client, port: 0 });
  const page = await browser.open(dashboard.url);
  await page.until(IS_LIVE);
  await page.evaluate("document.querySelector('#pause').focus()");
  await page.press("Enter");
  await page.until("document.querySelector('#pause').ariaPressed === 'true'");
  assertEquals(await page.text("#link"), "paused");
  const paused = await frameOf(page);
  const shown = dashboard.frame;
  while (dashboard.frame < shown + 5) await new Promise((resolve) => setTimeout(resolve, 50));
  assert(await frameOf(page) <= paused + 1, "nothing moves while it is paused");
  await client.close();
  await page.until(
    "document.querySelector('#health').textContent === 'Not healthy: the client is closed'",
  );
  await page.press("Enter");
  await page.until(`Number(document.body.dataset.frame) > ${paused} + 3`);
  assertEquals(await page.text("#link"), "live");
});

browserTest("every control, chart and region has a name that is read out", async (browser) => {
  await using client = await startStub();
  await using dashboard = await Dashboard.start({ client, port: 0, control: true });
  const page = await browser.open(dashboard.url);
  await page.until(IS_LIVE);
  await page.call("Accessibility.enable");
  const { nodes } = await page.call("Accessibility.getFullAXTree");
  assert(Array.isArray(nodes));
  const named = new Set([
    ...["button", "textbox", "combobox", "radio", "radiogroup", "group", "region", "image", "img"],
    ...["log", "link", "heading", "dialog"],
  ]);
  const all = nodes.filter(({ ignored, role }) => !ignored && named.has(role?.value))
    .map(({ role, name }) => `${role.value}: ${name?.value ?? ""}`);
  assertEquals(all.filter((text) => text.endsWith(": ")), []);
  for (
    const expected of [
      "combobox: Instrument",
      "radio: 3 min",
      "button: Pause",
      "textbox: Token",
      "button: Cancel all orders",
      "group: Own orders",
      "region: Order book",
      "heading: Log",
    ]
  ) assert(all.includes(expected), `${expected} in ${all.join(", ")}`);
  const charts = all.filter((text) => /^(img|image): /.test(text));
  assertEquals(charts.length, 6);
  assert(charts.some((text) => /: Price of the last \d+ seconds, now bid [\d,.]+/.test(text)));
});

for (const scheme of ["dark", "light"] as const) {
  browserTest(`every text can be read, on a ${scheme} page`, async (browser) => {
    await using client = await startStub();
    await using dashboard = await Dashboard.start({ client, port: 0, control: true });
    await client.ready();
    await client.submitOrder({ side: "sell", qty: 0.5, orderType: "market" });
    const page = await browser.open(dashboard.url);
    await page.look({ width: 1600, height: 1000 }, scheme);
    await page.until(
      "document.querySelector('#health').textContent && document.querySelector('#fills .sell')",
    );
    const check = async (): Promise<number> => {
      const { texts, low } = JSON.parse(String(await page.evaluate(CONTRAST)));
      assertEquals(low, []);
      return texts;
    };
    assert(await check() > 150);
    await dashboard[Symbol.asyncDispose]();
    await page.until("document.body.dataset.state === 'lost'");
    assert(await check() > 150);
  });
}

browserTest("the page fits a phone, and fingers fit its controls", async (browser) => {
  await using client = await startStub();
  await using dashboard = await Dashboard.start({ client, port: 0, control: true });
  const page = await browser.open(dashboard.url);
  await page.look({ width: 360, height: 740 }, "light");
  await page.until(`${IS_LIVE} && document.querySelectorAll(".chart canvas").length === 6`);
  assertEquals(await page.evaluate("document.documentElement.scrollWidth"), 360);
  const small = await page.evaluate(
    `[...document.querySelectorAll("button, select, #token, .segments span")]
    .filter((element) => element.checkVisibility() && element.id !== "log-level")
    .filter((element) => element.getBoundingClientRect().height < 34)
    .map((element) => element.outerHTML)`,
  );
  assertEquals(small, []);
  const wide = await page.evaluate(`[...document.querySelectorAll("canvas")]
    .filter((canvas) => canvas.getBoundingClientRect().right > 360)
    .map((canvas) => canvas.closest(".chart").id)`);
  assertEquals(wide, []);
  // Six levels of each side, and twelve trades.
  assertEquals(
    await page.evaluate(`["#asks tr", "#bids tr", "#tape tbody tr"].map((rows) =>
      [...document.querySelectorAll(rows)].filter((row) => row.checkVisibility()).length)`),
    [6, 6, 12],
  );
  assertEquals(page.problems, []);
});
