/** Prints which kinds of permission this process has as a whole. */

const NAMES = ["read", "write", "net", "env", "run", "ffi", "sys"] as const;

console.log(JSON.stringify(
  NAMES.filter((name) => Deno.permissions.querySync({ name }).state === "granted"),
));
