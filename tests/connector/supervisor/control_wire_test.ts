import { assertEquals, assertThrows } from "@std/assert";
import { ControlError } from "@hftlive/hftlive";
import {
  formatRequest,
  formatResponse,
  parseRequest,
  parseResponse,
  toLogLine,
} from "../../../lib/connector/supervisor/control_wire.ts";
import type { ControlRequest } from "../../../lib/connector/supervisor/control_messages.ts";

const REFUSED: readonly (readonly [string, string, string])[] = [
  ["", "badRequest", "it is not JSON"],
  ["status", "badRequest", "it is not JSON"],
  ["null", "badRequest", "expected object"],
  ["[]", "badRequest", "expected object"],
  ["{}", "badRequest", "version"],
  ['{"version":"1","command":"status"}', "badRequest", "version"],
  ['{"version":2,"command":"status"}', "unsupportedVersion", "version 2, expected 1"],
  ['{"version":1}', "badRequest", "command"],
  ['{"version":1,"command":"reboot"}', "badRequest", "command"],
  ['{"version":1,"command":"status","extra":1}', "badRequest", "extra"],
  ['{"version":1,"command":"stop","connector":5}', "badRequest", "connector"],
  ['{"version":1,"command":"stop","connector":""}', "badRequest", "connector"],
  ['{"version":1,"command":"restart"}', "badRequest", "restart needs a connector"],
  ['{"version":1,"command":"status","last":5}', "badRequest", "status has no lines"],
  ['{"version":1,"command":"logs","last":-1}', "badRequest", "last"],
  ['{"version":1,"command":"logs","last":1.5}', "badRequest", "last"],
  ['{"version":1,"command":"logs","follow":"yes"}', "badRequest", "follow"],
];

for (const [text, code, message] of REFUSED) {
  Deno.test(`control: the request ${text || "(nothing)"} is refused`, () => {
    const error = assertThrows(() => parseRequest(text), ControlError, message);
    assertEquals(error.code, code);
    assertEquals(error.message.includes("\n"), false);
  });
}

Deno.test("control: requests arrive as they were sent", () => {
  const requests: readonly ControlRequest[] = [
    { command: "status" },
    { command: "stop" },
    { command: "stop", connector: "a" },
    { command: "restart", connector: 'ä "x"' },
    { command: "logs", follow: true, last: 0 },
  ];
  for (const request of requests) {
    const line = formatRequest(request);
    assertEquals(line.indexOf("\n"), line.length - 1);
    assertEquals({ ...parseRequest(line) }, { version: 1, ...request });
  }
});

Deno.test("control: responses arrive as they were sent, and others are refused", () => {
  const log = toLogLine("a", {
    time: undefined,
    level: undefined,
    target: undefined,
    message: "x\ny",
    raw: "x\ny",
    stream: "stdout",
    cutBytes: 0,
  });
  for (
    const response of [
      { ok: true, result: null },
      { ok: true, result: { a: [1] } },
      { ok: true, log },
      { ok: false, error: { code: "busy", message: "m" } },
    ] as const
  ) {
    const line = formatResponse(response);
    assertEquals(line.indexOf("\n"), line.length - 1);
    assertEquals(parseResponse(line), response);
  }
  for (const text of ["", "{}", '{"version":1}', '{"version":1,"ok":false}', '{"ok":true}']) {
    assertThrows(() => parseResponse(text), ControlError);
  }
  const newer = assertThrows(
    () => parseResponse('{"version":2,"ok":true,"result":null}'),
    ControlError,
    "use the hftlive that it was started with",
  );
  assertEquals(newer.code, "unsupportedVersion");
});
