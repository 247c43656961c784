/**
 * The programs that are measured.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";

/** A program that is measured. */
export interface Subject {
  /** Name in tables and ratios. */
  readonly name: string;
  /** What it is. */
  readonly description: string;
  /** Program and arguments; the channel's name and a number are added. */
  readonly command: readonly string[];
}

/** The program that stands in for a connector, and the bots in Rust. */
export const BENCH: string = fromFileUrl(
  new URL("../../native/target/release/hftlive-bench", import.meta.url),
);

/** Ways to read market events. `NativeBot.poll` runs between the two that it is compared with. */
export const READERS: readonly Subject[] = [
  rust("raw", "Rust, bare iceoryx2 subscriber", "read", "raw"),
  typescript("nativePoll", "TypeScript, NativeBot.poll", "native_poll.ts"),
  rust("upstream", "Rust, upstream's LiveBot on its own channel", "read", "upstream"),
  rust("spin", "Rust, upstream's LiveBot on our channel", "read", "spin"),
  typescript("nativeWait", "TypeScript, NativeBot.waitNextFeed", "native_wait.ts"),
  typescript("clientBatches", "TypeScript, LiveClient.batches()", "client_batches.ts"),
  typescript("clientEvents", "TypeScript, LiveClient.events()", "client_events.ts"),
];

/** Ways to send orders. `NativeBot` follows the one that it is compared with. */
export const TRADERS: readonly Subject[] = [
  rust("upstreamOrders", "Rust, upstream's LiveBot on its own channel", "order", "upstream"),
  rust("libraryOrders", "Rust, the library that TypeScript calls", "order", "library"),
  rust("spinOrders", "Rust, upstream's LiveBot on our channel", "order", "spin"),
  typescript("nativeOrders", "TypeScript, NativeBot", "native_orders.ts"),
];

function rust(name: string, description: string, ...args: string[]): Subject {
  return { name, description, command: [BENCH, ...args] };
}

function typescript(name: string, description: string, file: string): Subject {
  return { name, description, command: script(file) };
}

/** The command of a program of bench/readers. */
export function script(file: string): string[] {
  const path = fromFileUrl(new URL(`../readers/${file}`, import.meta.url));
  const denow = fromFileUrl(new URL("../../denow", import.meta.url));
  return [denow, "run", "-A", "--quiet", path];
}
