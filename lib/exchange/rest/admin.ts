/**
 * Requests to the paper exchange itself.
 *
 * @module
 */

import { isSame } from "../binance/signature.ts";
import type { Faults } from "../faults.ts";
import { InvalidInputError } from "../../model/errors.ts";
import type { PaperExchangeReport } from "../report.ts";

/** Most characters of a fault. */
const MAX_FAULT_LENGTH = 4_096;

/** What the answers are made from. */
export interface AdminContext {
  /** What a request must have in the header "x-admin-token". */
  readonly token: string;
  /** What is to go wrong. */
  readonly faults: Faults;
  /** What the exchange tells of itself. */
  readonly report: () => PaperExchangeReport;
}

/**
 * Answers `GET /admin/report`, `GET /admin/faults` and `POST /admin/faults` with a fault as JSON.
 *
 * @returns The answer; a refusal is `{error}` with a status of 400, 401, 404 or 405.
 */
export async function answerAdmin(request: Request, context: AdminContext): Promise<Response> {
  if (!isSame(request.headers.get("x-admin-token") ?? "", context.token)) {
    return refusal(401, "Cannot answer: the header x-admin-token is missing or wrong");
  }
  const { pathname } = new URL(request.url);
  const { method } = request;
  if (pathname === "/admin/report" && method === "GET") return Response.json(context.report());
  if (pathname !== "/admin/faults") {
    return refusal(404, `Cannot answer: ${method} ${pathname} is not known`);
  }
  if (method === "GET") return Response.json(context.faults.active());
  if (method !== "POST") return refusal(405, `Cannot answer: ${method} is not known here`);
  const text = await request.text();
  if (text.length > MAX_FAULT_LENGTH) {
    return refusal(400, `Cannot read the fault: it has ${text.length} characters`);
  }
  try {
    context.faults.inject(JSON.parse(text));
    return Response.json(context.faults.active());
  } catch (error) {
    if (error instanceof SyntaxError) return refusal(400, "Cannot read the fault: it is no JSON");
    if (error instanceof InvalidInputError) return refusal(400, error.message);
    throw error;
  }
}

function refusal(status: number, error: string): Response {
  return Response.json({ error }, { status });
}
