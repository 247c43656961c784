/**
 * Secrets among environment variables.
 *
 * @module
 */

/** Parts of names whose values are taken for secrets. */
const SECRET_NAME = /KEY|SECRET|TOKEN|PASS|CREDENTIAL|AUTH|SIGNATURE|PRIVATE/i;

/** Shorter values, such as "true", would tear up what a connector prints, and protect nothing. */
const MIN_LENGTH = 6;

/**
 * The values that must not show in a connector's output.
 *
 * @param env Variables that its user wants it to have.
 * @returns The values of those whose names sound secret.
 */
export function environmentSecrets(env: Readonly<Record<string, string>>): string[] {
  return Object.entries(env)
    .filter(([name, value]) => SECRET_NAME.test(name) && value.trim().length >= MIN_LENGTH)
    .map(([, value]) => value);
}
