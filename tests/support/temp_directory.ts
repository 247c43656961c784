/**
 * Directories for one test.
 *
 * @module
 */

/** A new directory; `await using` removes it with all that is in it. */
export class TempDirectory implements AsyncDisposable {
  /** The directory. */
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Makes one under the system's temporary directory. */
  static async create(): Promise<TempDirectory> {
    return new TempDirectory(await Deno.makeTempDir({ prefix: "hftlive-test-" }));
  }

  /** Path of a file in it. */
  file(name: string): string {
    return `${this.path}/${name}`;
  }

  /** Writes a file in it, and returns its path. */
  async write(name: string, text: string, options: Deno.WriteFileOptions = {}): Promise<string> {
    const path = this.file(name);
    await Deno.writeTextFile(path, text, options);
    return path;
  }

  /** Removes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}
