import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  BotError,
  MissingPermissionError,
  NativeBot,
  NativeLibraryLoadError,
  NativeLibraryNotFoundError,
  NativeLibraryVersionError,
} from "@hftlive/hftlive";
import { ABI_VERSION } from "../../lib/bot/record.ts";
import { findNativeLibrary, NativeLibrary } from "../../lib/native/library.ts";
import { nativeReady } from "../support/native_ready.ts";

const missing = nativeReady({ simConnector: false });
const INSTRUMENT = { connector: "none", symbol: "btcusdt", tickSize: 0.1, lotSize: 0.001 };

Deno.test("native library: a missing file is told with where it was looked for and what to do", () => {
  const libraryPath = "/nonexistent/libhftlive.so";
  for (
    const call of [
      () => findNativeLibrary({ libraryPath }),
      () => NativeLibrary.open({ libraryPath }),
      () => new NativeBot({ instruments: [INSTRUMENT], libraryPath }),
    ]
  ) {
    const error = assertThrows(call, NativeLibraryNotFoundError);
    assertEquals(error.tried, [
      { origin: "libraryPath", path: libraryPath, result: "no such file" },
    ]);
    assertStringIncludes(error.message, libraryPath);
    assertStringIncludes(error.message, "deno run -A cli.ts native build");
  }
});

Deno.test({
  name: "native library: without permission to read, a missing file is told all the same",
  permissions: { ffi: true },
  fn() {
    const error = assertThrows(
      () => NativeLibrary.open({ libraryPath: "/nonexistent/libhftlive.so" }),
      NativeLibraryNotFoundError,
    );
    assertEquals(error.tried[0]?.result, "no such file");
    assertThrows(
      () => findNativeLibrary({ libraryPath: "/nonexistent/libhftlive.so" }),
      MissingPermissionError,
      "--allow-read",
    );
  },
});

Deno.test({
  name: "native library: without permission to read the environment, the message says so",
  permissions: { ffi: true, read: ["/nonexistent"] },
  fn() {
    try {
      using library = NativeLibrary.open();
      assertStringIncludes(library.path, "libhftlive");
    } catch (error) {
      if (!(error instanceof NativeLibraryNotFoundError)) throw error;
      assertStringIncludes(error.message, "--allow-env=HFTLIVE_LIB");
      assertStringIncludes(error.message, "--allow-env=HOME");
    }
  },
});

Deno.test("native library: a file that is no library", async () => {
  const libraryPath = await Deno.makeTempFile({ suffix: ".so" });
  try {
    await Deno.writeTextFile(libraryPath, "not a library");
    const error = assertThrows(() => NativeLibrary.open({ libraryPath }), NativeLibraryLoadError);
    assertEquals(error.path, libraryPath);
    assertStringIncludes(error.message, libraryPath);
  } finally {
    await Deno.remove(libraryPath);
  }
});

Deno.test("native library: a folder is not a library", () => {
  const error = assertThrows(
    () => NativeLibrary.open({ libraryPath: "/tmp" }),
    NativeLibraryNotFoundError,
  );
  assertEquals(error.tried[0]?.result, "not a file");
});

Deno.test({
  name: "native library: without --allow-ffi the error names the flag",
  ignore: missing !== undefined,
  permissions: { read: true, env: true },
  fn() {
    for (
      const call of [
        () => NativeLibrary.open(),
        () => new NativeBot({ instruments: [INSTRUMENT] }),
      ]
    ) {
      const error = assertThrows(call, MissingPermissionError, "--allow-ffi");
      assertEquals(error.flags, ["--allow-ffi"]);
    }
  },
});

Deno.test({
  name: "native library: another ABI version is refused with both versions",
  ignore: missing !== undefined,
  fn() {
    const expectedVersion = ABI_VERSION + 1;
    const error = assertThrows(
      () => NativeLibrary.open({ expectedVersion }),
      NativeLibraryVersionError,
    );
    assertEquals([error.expected, error.actual], [expectedVersion, ABI_VERSION]);
    assertStringIncludes(error.message, `ABI version is ${ABI_VERSION}`);
    assertStringIncludes(error.message, `needs ${expectedVersion}`);
  },
});

Deno.test({
  name: "native library: users share one load, and the last one unloads it",
  ignore: missing !== undefined,
  fn() {
    const first = NativeLibrary.open();
    const second = NativeLibrary.open();
    assertEquals(first.functions, second.functions);
    first.close();
    first.close();
    assertEquals(second.functions.hftlive_abi_version(), ABI_VERSION);
    second.close();
    assertThrows(() => second.functions, BotError, "closed");
    using again = NativeLibrary.open();
    assertEquals(again.functions.hftlive_abi_version(), ABI_VERSION);
  },
});
