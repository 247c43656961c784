/**
 * A headless Chromium, driven over its DevTools protocol.
 *
 * @module
 */

import { programMissing } from "../support/programs.ts";

const START_TIMEOUT_MS = 30_000;
const CALL_TIMEOUT_MS = 30_000;
/** A hang would tell nothing. */
const UNTIL_TIMEOUT_MS = 60_000;
const POLL_MS = 20;

const PROGRAMS = ["chromium", "chromium-browser", "google-chrome"];

/** The program, or why there is none. */
export async function findChromium(): Promise<{ program?: string; missing?: string }> {
  for (const program of PROGRAMS) {
    if (await programMissing(program) === undefined) return { program };
  }
  return { missing: `none of ${PROGRAMS.join(", ")} is installed (apt-get install chromium)` };
}

/** Keys that can be pressed; without their number a page sees them, but nothing comes of it. */
const KEYS = {
  Tab: { windowsVirtualKeyCode: 9 },
  Enter: { windowsVirtualKeyCode: 13, text: "\r" },
  Escape: { windowsVirtualKeyCode: 27 },
  ArrowRight: { windowsVirtualKeyCode: 39 },
  ArrowDown: { windowsVirtualKeyCode: 40 },
} as const;

type Message = Record<string, unknown>;

/** A browser with pages; `await using` ends it and removes its files. */
export class Browser implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #directory: string;
  readonly #socket: WebSocket;
  readonly #calls = new Map<number, PromiseWithResolvers<Message>>();
  readonly #pages = new Map<string, Page>();
  #last = 0;

  private constructor(child: Deno.ChildProcess, directory: string, socket: WebSocket) {
    this.#child = child;
    this.#directory = directory;
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => this.#take(JSON.parse(data)));
  }

  /** Starts a browser, with more flags than the usual ones. */
  static async start(program: string, flags: readonly string[] = []): Promise<Browser> {
    const directory = await Deno.makeTempDir({ prefix: "hftlive-chromium-" });
    const child = new Deno.Command(program, {
      args: [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--no-first-run",
        "--remote-debugging-address=127.0.0.1",
        "--remote-debugging-port=0",
        `--user-data-dir=${directory}`,
        ...flags,
        "about:blank",
      ],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const url = await devToolsUrl(child);
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve, { once: true });
      socket.addEventListener("error", reject, { once: true });
    });
    return new Browser(child, directory, socket);
  }

  /** Opens a page in a tab of its own. */
  async open(url: string): Promise<Page> {
    const { targetId } = await this.call("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.call("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page(this, String(sessionId), String(targetId));
    this.#pages.set(page.session, page);
    for (const domain of ["Page", "Runtime", "Network", "Log"]) await page.call(`${domain}.enable`);
    await page.call("Page.navigate", { url });
    return page;
  }

  /** Calls a method of the protocol. */
  async call(method: string, params: Message, sessionId?: string): Promise<Message> {
    const id = ++this.#last;
    const answer = Promise.withResolvers<Message>();
    this.#calls.set(id, answer);
    const timer = setTimeout(
      () => answer.reject(new Error(`${method} was not answered`)),
      CALL_TIMEOUT_MS,
    );
    this.#socket.send(JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) }));
    try {
      return await answer.promise;
    } finally {
      clearTimeout(timer);
      this.#calls.delete(id);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#socket.addEventListener("close", resolve));
    // Its helpers end with it, and its files can then be removed.
    await this.call("Browser.close", {}).catch(() => this.#child.kill("SIGKILL"));
    await this.#child.status;
    await closed;
    for (const { code, text } of await failedRemovals(this.#directory)) {
      console.log(`left behind: ${code} ${text}`);
    }
  }

  #take(message: Message): void {
    const { id, result, error, method, params, sessionId } = message;
    if (typeof id === "number") {
      if (error) this.#calls.get(id)?.reject(new Error(JSON.stringify(error)));
      else this.#calls.get(id)?.resolve(record(result));
    } else if (typeof sessionId === "string" && typeof method === "string") {
      this.#pages.get(sessionId)?.take(method, record(params));
    }
  }
}

/** A page of a {@linkcode Browser}. */
export class Page {
  /** What was asked for over the network. */
  readonly requests: string[] = [];
  /** What went wrong in the page: exceptions, errors on the console, violations of its policy. */
  readonly problems: string[] = [];
  /** Name of its session in the protocol. */
  readonly session: string;
  readonly #browser: Browser;
  readonly #target: string;

  constructor(browser: Browser, session: string, target: string) {
    this.#browser = browser;
    this.session = session;
    this.#target = target;
  }

  /** Calls a method of the protocol. */
  call(method: string, params: Message = {}): Promise<Message> {
    return this.#browser.call(method, params, this.session);
  }

  /** The value of an expression in the page. */
  async evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = await this.call("Runtime.evaluate", {
      expression,
      returnByValue: true,
      awaitPromise: true,
    });
    if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
    return record(result).value;
  }

  /** The text of the first element that a selector finds. */
  async text(selector: string): Promise<string> {
    return String(
      await this.evaluate(`document.querySelector(${JSON.stringify(selector)})?.textContent ?? ""`),
    );
  }

  /** Waits until an expression is true; something may be done before each look. */
  async until(expression: string, before?: () => Promise<void>): Promise<void> {
    const deadline = performance.now() + UNTIL_TIMEOUT_MS;
    // A page that is being loaded has nothing to look at yet.
    const look = `(() => { try { return Boolean(${expression}); } catch { return false; } })()`;
    await before?.();
    while (await this.evaluate(look) !== true) {
      if (performance.now() > deadline) {
        const text = await this.evaluate("document.body.innerText.slice(0, 600)");
        throw new Error(`It never came to ${expression}: ${text} ${this.problems}`);
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      await before?.();
    }
  }

  /** Clicks the first element that a selector finds. */
  async click(selector: string): Promise<void> {
    await this.evaluate(`document.querySelector(${JSON.stringify(selector)}).click()`);
  }

  /** Presses a key. */
  async press(key: keyof typeof KEYS): Promise<void> {
    for (const type of ["keyDown", "keyUp"]) {
      await this.call("Input.dispatchKeyEvent", { type, key, code: key, ...KEYS[key] });
    }
  }

  /** Sets the size of the window, and the colours that the user prefers. */
  async look(size: { width: number; height: number }, scheme: "dark" | "light"): Promise<void> {
    const mobile = size.width < 600;
    await this.call("Emulation.setDeviceMetricsOverride", {
      ...size,
      deviceScaleFactor: 1,
      mobile,
    });
    await this.call("Emulation.setEmulatedMedia", {
      features: [{ name: "prefers-color-scheme", value: scheme }],
    });
  }

  /** A picture of the whole page. */
  async screenshot(path: string): Promise<void> {
    const { data } = await this.call("Page.captureScreenshot", { captureBeyondViewport: true });
    await Deno.writeFile(path, Uint8Array.fromBase64(String(data)));
  }

  /** Closes it. */
  async close(): Promise<void> {
    await this.#browser.call("Target.closeTarget", { targetId: this.#target });
  }

  /** Takes in an event. */
  take(method: string, params: Message): void {
    if (method === "Network.requestWillBeSent") {
      this.requests.push(String(record(params.request).url));
    } else if (method === "Network.webSocketCreated") {
      this.requests.push(String(params.url));
    } else if (method === "Runtime.exceptionThrown") {
      this.problems.push(JSON.stringify(params.exceptionDetails));
    } else if (method === "Log.entryAdded") {
      const { level, text, url } = record(params.entry);
      if (level === "error") this.problems.push(`${text} ${url ?? ""}`);
    }
  }
}

function record(value: unknown): Message {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

async function devToolsUrl(child: Deno.ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const timer = setTimeout(() => {
    child.kill("SIGKILL");
    reject(new Error("Chromium did not start"));
  }, START_TIMEOUT_MS);
  let text = "";
  // Read to its end, so that the browser never waits for a reader.
  (async () => {
    for await (const chunk of child.stderr.pipeThrough(new TextDecoderStream())) {
      text = (text + chunk).slice(-10_000);
      const url = /DevTools listening on (ws:\S+)/.exec(text)?.[1];
      if (url !== undefined) resolve(url);
    }
    reject(new Error(`Chromium ended: ${text}`));
  })();
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

/** Removes a folder into which a helper that is about to end may still write. */
async function failedRemovals(directory: string): Promise<{ code: string; text: string }[]> {
  for (let tries = 0; tries < 50; tries++) {
    try {
      await Deno.remove(directory, { recursive: true });
      return [];
    } catch {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
  return [{ code: "folder", text: directory }];
}
