/**
 * Files that belong to a connector's name.
 *
 * @module
 */

/**
 * The name of a file. Plain names of connectors stand for themselves; of others, which may be too long
 * for a file, a hash does.
 *
 * @param connectorName The connector's name.
 * @param ending What the file's name ends in, such as "lock".
 * @returns Such as "bf.lock".
 */
export async function nameFile(connectorName: string, ending: string): Promise<string> {
  if (/^[\w.-]{1,100}$/.test(connectorName)) return `${connectorName}.${ending}`;
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(connectorName));
  return `~${new Uint8Array(hash).toHex()}.${ending}`;
}
