/**
 * Sends back what it is sent, on a port of loopback that it prints, until its one connection ends.
 *
 * @module
 */

using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
console.log(JSON.stringify({ port: (listener.addr as Deno.NetAddr).port }));
const connection = await listener.accept();
connection.setNoDelay();
await connection.readable.pipeTo(connection.writable);
