/**
 * A timer and a socket, and how late they are served.
 *
 * @module
 */

import { createSocket } from "node:dgram";
import { once } from "node:events";
import { build, type Histogram } from "hdr-histogram-js";
import type { Lateness } from "../lab/client.ts";

const TIMER_MS = 1;
const NS_PER_MS = 1e6;

/**
 * Timers of a millisecond, and datagrams that a socket sends to itself, one after the other: a process for the
 * other end would need a core of its own.
 */
export class Pings {
  readonly #counts: () => boolean;
  readonly #timerLate = build({ highestTrackableValue: 60 * 1000 * NS_PER_MS });
  readonly #socketTook = build({ highestTrackableValue: 60 * 1000 * NS_PER_MS });
  readonly #ended: Promise<unknown>;
  #running = true;

  /**
   * Begins.
   *
   * @param counts Tells whether what is measured now counts.
   */
  constructor(counts: () => boolean) {
    this.#counts = counts;
    this.#ended = Promise.all([this.#pingTimer(), this.#pingSocket()]);
  }

  /** Ends, and tells what was measured. */
  async end(): Promise<{ timerLateMs: Lateness; socketMs: Lateness }> {
    this.#running = false;
    await this.#ended;
    return { timerLateMs: lateness(this.#timerLate), socketMs: lateness(this.#socketTook) };
  }

  async #pingTimer(): Promise<void> {
    while (this.#running) {
      const due = performance.now() + TIMER_MS;
      await pause();
      this.#record(this.#timerLate, performance.now() - due);
    }
  }

  async #pingSocket(): Promise<void> {
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    const { address, port } = socket.address();
    while (this.#running) {
      const received = once(socket, "message");
      const start = performance.now();
      socket.send("ping", port, address);
      await received;
      this.#record(this.#socketTook, performance.now() - start);
      await pause();
    }
    socket.close();
  }

  #record(histogram: Histogram, ms: number): void {
    if (this.#counts()) histogram.recordValue(Math.max(1, Math.round(ms * NS_PER_MS)));
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, TIMER_MS));
}

function lateness(histogram: Histogram): Lateness {
  return {
    p50: histogram.getValueAtPercentile(50) / NS_PER_MS,
    p99: histogram.getValueAtPercentile(99) / NS_PER_MS,
    max: histogram.maxValue / NS_PER_MS,
  };
}
