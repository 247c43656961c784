/**
 * Listens on a control socket until it is killed.
 *
 * @module
 */

import { ControlSocket } from "../../../lib/connector/supervisor/control_socket.ts";

const [path = ""] = Deno.args;
using socket = await ControlSocket.listen(path);
console.log(`listening on ${socket.path}`);
await new Promise((resolve) => setTimeout(resolve, 2 ** 31 - 1));
