/**
 * What tests of the dashboard's page share.
 *
 * @module
 */

import { LiveClient } from "../../lib/client/live_client.ts";
import { StubBot } from "../../lib/stub/stub_bot.ts";
import { nativeReady } from "../support/native_ready.ts";
import { Browser, findChromium, type Page } from "./browser.ts";

const { program, missing } = await findChromium();
if (missing) console.log(`tests of the dashboard's page are skipped: ${missing}`);

/** Why tests that need a connector as well cannot run here; undefined where they can. */
export const noNative: string | undefined = missing ?? nativeReady();

/** Symbols of {@linkcode startStub}, and their price steps. */
export const INSTRUMENTS = [["btcusdt", 0.1], ["ethusdt", 0.01]] as const;

/** Whether the page is connected and has drawn something. */
export const IS_LIVE =
  "document.body.dataset.state === 'live' && Number(document.body.dataset.frame) > 0";

/** A client of a random market with two instruments, which goes on for ever. */
export function startStub(): Promise<LiveClient> {
  const instruments = INSTRUMENTS.map(([symbol, tickSize], at) => ({
    ...{ connector: "stub", symbol, tickSize, lotSize: 0.001 },
    basePrice: at === 0 ? 60_000 : 3_000,
  }));
  return LiveClient.start(
    new StubBot({ instruments, seed: 5, clock: "real", maxFeeds: Infinity }),
  );
}

/** Options of {@linkcode browserTest}. */
export interface BrowserTestOptions {
  /** Why it cannot run here, beside that there is no browser. */
  readonly skip?: string | undefined;
  /** More flags of the browser. */
  readonly flags?: readonly string[];
}

/** A test with a browser of its own. */
export function browserTest(
  name: string,
  fn: (browser: Browser) => Promise<void>,
  { skip, flags = [] }: BrowserTestOptions = {},
): void {
  Deno.test({
    name,
    ignore: (missing ?? skip) !== undefined,
    async fn() {
      if (program === undefined) return;
      await using browser = await Browser.start(program, flags);
      await fn(browser);
    },
  });
}

/** Number of the frame that the page has drawn last. */
export async function frameOf(page: Page): Promise<number> {
  return Number(await page.evaluate("document.body.dataset.frame"));
}

/** Types the token of controls. */
export async function enterToken(page: Page, token: string): Promise<void> {
  await page.evaluate(`{
    const field = document.querySelector("#token");
    field.value = ${JSON.stringify(token)};
    field.dispatchEvent(new Event("input"));
  }`);
}

/** Clicks a control, and says yes. */
export async function confirmed(page: Page, selector: string): Promise<void> {
  await page.click(selector);
  await page.until("document.querySelector('#confirm').open");
  await page.click("#confirm-yes");
}

/** Begins to note each new text of an element, and when it was shown. */
export async function noteTexts(page: Page, selector: string): Promise<void> {
  await page.evaluate(`{
    const element = document.querySelector(${JSON.stringify(selector)});
    globalThis.noted = [[Date.now(), element.textContent]];
    const note = () => {
      const text = element.textContent;
      if (text !== noted.at(-1)[1]) noted.push([Date.now(), text]);
    };
    new MutationObserver(note).observe(element, { childList: true, characterData: true, subtree: true });
  }`);
}

/** What {@linkcode noteTexts} has noted: times, ms since the Unix epoch, and texts. */
export async function notedTexts(page: Page): Promise<(readonly [timeMs: number, text: string])[]> {
  return JSON.parse(String(await page.evaluate("JSON.stringify(noted)")));
}
