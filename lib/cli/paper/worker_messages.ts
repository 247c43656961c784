/**
 * What a command and the worker of its exchange tell each other.
 *
 * @module
 */

import type { PaperExchangeReport } from "../../exchange/report.ts";
import { HftliveError, InvalidInputError, MissingPermissionError } from "../../model/errors.ts";
import { CommandError, UsageError } from "../exit.ts";
import type { ExchangeAccess, ExchangeSpec } from "./exchange_host.ts";

/** What the command asks for. */
export type WorkerRequest =
  | { readonly type: "start"; readonly spec: ExchangeSpec }
  | { readonly type: "report" }
  | { readonly type: "close" };

/** What the worker tells; reports come in the order in which they were asked for. */
export type WorkerAnswer =
  | { readonly type: "started"; readonly access: ExchangeAccess }
  | { readonly type: "report"; readonly report: PaperExchangeReport }
  | { readonly type: "marketDone" }
  | { readonly type: "closed" }
  | { readonly type: "failed"; readonly error: SentError };

/** An error on its way, which loses its class. */
export interface SentError {
  /** What kind of error it is, as far as the exit code depends on it. */
  readonly kind: "usage" | "permission" | "known" | "unforeseen";
  /** Its message. */
  readonly message: string;
}

/** An error to send. */
export function toSent(error: unknown): SentError {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof UsageError || error instanceof InvalidInputError) {
    return { kind: "usage", message };
  }
  if (error instanceof MissingPermissionError || error instanceof Deno.errors.NotCapable) {
    return { kind: "permission", message };
  }
  if (error instanceof HftliveError) return { kind: "known", message };
  const name = error instanceof Error ? `${error.name}: ` : "";
  return { kind: "unforeseen", message: name + message };
}

/** An error that was sent, as one with the same exit code. */
export function fromSent({ kind, message }: SentError): Error {
  switch (kind) {
    case "usage":
      return new UsageError(message);
    case "permission":
      return new Deno.errors.NotCapable(message);
    case "known":
      return new CommandError(message);
    case "unforeseen":
      return new Error(message);
  }
}
