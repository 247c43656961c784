import { assertEquals } from "@std/assert";
import { editDistance, suggest } from "../../lib/suggest.ts";

Deno.test("editDistance counts insertions, deletions, replacements and swaps", () => {
  assertEquals(editDistance("", ""), 0);
  assertEquals(editDistance("", "abc"), 3);
  assertEquals(editDistance("abc", ""), 3);
  assertEquals(editDistance("watch", "watch"), 0);
  assertEquals(editDistance("wacth", "watch"), 1);
  assertEquals(editDistance("wtch", "watch"), 1);
  assertEquals(editDistance("watchh", "watch"), 1);
  assertEquals(editDistance("kitten", "sitting"), 3);
});

Deno.test("suggest finds the nearest word, whatever its case", () => {
  assertEquals(suggest("DURATOIN", ["stub", "duration", "debug"]), "duration");
  assertEquals(suggest("stub", ["stab", "stub"]), "stub");
});

Deno.test("suggest does not guess wildly", () => {
  assertEquals(suggest("xyz", ["stub", "live", "json"]), undefined);
  assertEquals(suggest("a", []), undefined);
});
