/**
 * What tests of `paper` share: a client of an exchange of which only its output is known.
 *
 * @module
 */

import { createHmac } from "node:crypto";
import { parse } from "smol-toml";
import type { RunningCli } from "./run_cli.ts";

/** The exchange's configuration and admin token, as the command has told them. */
export interface ToldAccess {
  readonly streamUrl: string;
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly secret: string;
  readonly adminUrl: string;
  readonly adminToken: string;
}

/** Reads how the exchange is reached from what the command has printed. */
export async function toldAccess(cli: RunningCli): Promise<ToldAccess> {
  await cli.prints("stdout", /^Make it fail: .*\n/m);
  const toml = /^stream_url[^]*?^secret = .*$/m.exec(cli.stdout)?.[0] ?? "";
  return { ...fromToml(toml), ...toldAdmin(cli.stdout) };
}

/** Reads the URL and the token of the admin endpoint from what the command has printed. */
export function toldAdmin(text: string): Pick<ToldAccess, "adminUrl" | "adminToken"> {
  const [, adminToken = "", adminUrl = ""] =
    /x-admin-token: (\w+)' (http:\/\/127\.0\.0\.1:\d+\/admin)\/report/.exec(text) ?? [];
  return { adminUrl, adminToken };
}

/** Reads the connector's configuration. */
export function fromToml(
  toml: string,
): Pick<ToldAccess, "streamUrl" | "apiUrl" | "apiKey" | "secret"> {
  const { stream_url, api_url, api_key, secret } = parse(toml);
  return {
    streamUrl: String(stream_url),
    apiUrl: String(api_url),
    apiKey: String(api_key),
    secret: String(secret),
  };
}

/** Sends a signed request as the connector does: time and signature in the query, fields in the body. */
export async function signed(
  { apiUrl, apiKey, secret }: Pick<ToldAccess, "apiUrl" | "apiKey" | "secret">,
  method: "POST" | "DELETE",
  path: string,
  fields: Record<string, string>,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const body = new URLSearchParams(fields).toString();
  const query = `recvWindow=5000&timestamp=${Date.now()}`;
  const signature = createHmac("sha256", secret).update(query + body).digest("hex");
  const response = await fetch(`${apiUrl}${path}?${query}&signature=${signature}`, {
    method,
    headers: { "x-mbx-apikey": apiKey },
    body,
  });
  return { status: response.status, body: await response.json() };
}
