/**
 * How far the build of a connector is.
 *
 * @module
 */

import type { BuildProgress } from "../../connector/progress.ts";
import type { Output } from "../output.ts";
import { Progress } from "../progress.ts";

/** Shows the progress of a build, from its first news on. */
export class BuildProgressLine implements Disposable {
  readonly #output: Output | undefined;
  #progress: Progress | undefined;

  /**
   * @param output Where to show it; undefined for nowhere.
   * @param first What to show before there is news, where a build is certain.
   */
  constructor(output: Output | undefined, first?: string) {
    this.#output = output;
    if (output && first !== undefined) this.#progress = new Progress(output, { what: first });
  }

  /** Shows news. */
  update({ name, done, total, waiting }: BuildProgress): void {
    if (this.#output === undefined) return;
    const state = waiting
      ? { what: `Waiting for another cargo: ${name}` }
      : { what: `Compiled ${name}`, done, total };
    if (this.#progress === undefined) this.#progress = new Progress(this.#output, state);
    else this.#progress.update(state);
  }

  /** Takes the line off the terminal. */
  [Symbol.dispose](): void {
    this.#progress?.[Symbol.dispose]();
  }
}
