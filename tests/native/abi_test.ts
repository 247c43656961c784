import { assert, assertEquals } from "@std/assert";
import { ABI_VERSION, EventKind, HEADER, RECORD, RECORD_SIZE } from "../../lib/bot/record.ts";
import { NativeLibrary } from "../../lib/native/library.ts";
import { NATIVE_SYMBOLS } from "../../lib/native/symbols.ts";
import { VERSION } from "../../lib/version.ts";
import { nativeReady } from "../support/native_ready.ts";
import { programMissing } from "../support/programs.ts";

const missing = nativeReady({ simConnector: false });

Deno.test({
  name: "abi: the library's layout is that of lib/bot/record.ts",
  ignore: missing !== undefined,
  fn() {
    using library = NativeLibrary.open();
    const info = library.info();
    assertEquals(info.abiVersion, ABI_VERSION);
    assertEquals(info.version, VERSION);
    assertEquals(info.hftbacktest, "0.9.4");
    assertEquals(info.iceoryx2, "0.6.1");
    assertEquals(info.recordSize, RECORD_SIZE);
    assertEquals(info.header, { ...HEADER });
    assertEquals(info.record, { ...RECORD });
    assertEquals(info.kinds, { ...EventKind });
  },
});

const noNm = Deno.build.os === "linux" ? await programMissing("nm") : "nm -D reads ELF only";
if (noNm !== undefined) console.log(`the test of exported names is skipped: ${noNm}`);

Deno.test({
  name: "abi: the symbol table names exactly the functions that the library exports",
  ignore: missing !== undefined || noNm !== undefined,
  async fn() {
    using library = NativeLibrary.open();
    const exported = (await nm(library.path))
      .filter((name) => /^(hashmap|roivec)(live|depth)_|^orders_|^hftlive_/.test(name));
    assert(exported.length > 0);
    assertEquals(exported.sort(), Object.keys(NATIVE_SYMBOLS).sort());
  },
});

/** Names of the functions in an ELF file's dynamic symbol table. */
async function nm(path: string): Promise<string[]> {
  const { success, stdout, stderr } = await new Deno.Command("nm", {
    args: ["-D", "--defined-only", path],
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).split("\n")
    .map((line) => /^[0-9a-f]+ T (\S+)$/.exec(line)?.[1])
    .filter((name) => name !== undefined);
}
