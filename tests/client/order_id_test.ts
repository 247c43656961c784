import { assert, assertEquals } from "@std/assert";
import { OrderIdGenerator } from "@hftlive/hftlive";

Deno.test("ids rise, whatever the clock does, and fit into 64 bits", () => {
  let now = 1_700_000_000_000;
  const ids = new OrderIdGenerator(() => now);
  let last = -1n;
  for (let i = 0; i < 20_000; i++) {
    if (i % 5000 === 4999) now -= 10;
    if (i % 7000 === 6999) now += 1000;
    const id = ids.next();
    assert(id > last && id < 2n ** 64n);
    last = id;
  }
});

Deno.test("two generators of the same moment share no id unless they share their number", () => {
  const now = () => 1_700_000_000_000;
  const first = new OrderIdGenerator(now);
  const seen = new Set<bigint>();
  for (let i = 0; i < 10_000; i++) seen.add(first.next());
  const node = ([id]: Iterable<bigint> & bigint[]) => (id! >> 12n) & 1023n;
  for (let other = 0; other < 20; other++) {
    const second = new OrderIdGenerator(now);
    const ids = Array.from({ length: 10_000 }, () => second.next());
    if (node(ids) === node([...seen])) continue;
    assertEquals(ids.filter((id) => seen.has(id)), []);
  }
});
