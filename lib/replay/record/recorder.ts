/**
 * Writes the market that a bot sees into files.
 *
 * @module
 */

import { resolve } from "@std/path";
import type { EventBatch } from "../../bot/batch.ts";
import type { LiveBot } from "../../bot/live_bot.ts";
import { EventKind } from "../../bot/record.ts";
import { checkOneOf } from "../../model/check.ts";
import { overflowCauseOf } from "../../model/codes.ts";
import { InvalidInputError } from "../../model/errors.ts";
import { TypedEventTarget } from "../../model/typed_event_target.ts";
import { requirePath } from "../../permissions.ts";
import { BatchView } from "./batch_view.ts";
import { ChunkPool } from "./chunk_pool.ts";
import { problemOf, RecorderError } from "./errors.ts";
import { fileLabels } from "./names.ts";
import { type RecorderOptions, type ResolvedOptions, resolveOptions } from "./options.ts";
import {
  RecordedFileEvent,
  RecorderDropEvent,
  RecorderErrorEvent,
  type RecorderEventMap,
} from "./recorder_events.ts";
import type { OtherRecords, RecordedFile, RecordingReport } from "./report.ts";
import { Track } from "./track.ts";

/** Share of the memory in use from which on {@linkcode Recorder.write} asks its caller to wait. */
const HIGH_LOAD = 0.5;

/** What a recorder can follow: a `LiveClient`. */
export interface FollowedClient {
  /** The bot whose batches they are. */
  readonly bot: LiveBot;
  /** A stream of batches read in place. */
  batches(options?: { readonly signal?: AbortSignal | undefined }): AsyncIterable<EventBatch>;
}

/** Options of {@linkcode Recorder.follow}. */
export interface FollowOptions {
  /**
   * What to do when the disk is too slow: "drop" events and count them, or "wait", which holds up
   * the client and is for markets that can wait, such as a replay.
   *
   * @default {"drop"}
   */
  readonly whenFull?: "drop" | "wait" | undefined;
}

/**
 * Records the market of any bot: each instrument into files of its own, in a format that
 * hftbacktest reads. Writing goes on in the background; a disk that is too slow costs events, which
 * are counted, and a disk that fails ends the recording with an "error" event. Neither holds up
 * or ends the bot.
 *
 * A file grows under the name `FILE.part` and gets its own when it is complete. What a crash
 * leaves behind becomes a complete file with `recoverRecording`.
 *
 * @example Record a client
 * ```ts no-assert
 * import { LiveClient, Recorder, StubBot } from "@hftlive/hftlive";
 *
 * const directory = await Deno.makeTempDir();
 * await using client = await LiveClient.start(new StubBot({ seed: 7 }));
 * await using recorder = new Recorder(client.bot, { directory });
 * await recorder.follow(client);
 * const { files } = await recorder.close();
 * console.log(files.map(({ path, events }) => `${path}: ${events} events`));
 * await Deno.remove(directory, { recursive: true });
 * ```
 */
export class Recorder extends TypedEventTarget<RecorderEventMap> implements AsyncDisposable {
  readonly #bot: LiveBot;
  readonly #settings: ResolvedOptions;
  readonly #pool: ChunkPool;
  readonly #tracks: readonly Track[];
  readonly #files: RecordedFile[] = [];
  readonly #left: string[] = [];
  readonly #others: Record<keyof OtherRecords, number>;
  readonly #ended = new AbortController();
  readonly #timer: ReturnType<typeof setInterval>;
  #view: BatchView | undefined;
  /** Number of the message that is being read; 0 between two. */
  #message = 0;
  #messages = 0;
  #overflows = 0;
  #lostEvents = 0;
  /** Those whose book has to be taken anew from the bot, since their events were lost. */
  readonly #lostBooks = new Set<Track>();
  #failure: RecorderError | undefined;
  #failing: Promise<void> | undefined;
  #closing: Promise<RecordingReport> | undefined;

  /**
   * Starts a recording. Make it between two polls of the bot, and give it every batch from then on,
   * or let it {@linkcode Recorder.follow} a client: what it does not see, it cannot record.
   *
   * @param bot The bot; it is only asked for its instruments and books.
   * @param options Where to write, and how.
   * @throws {InvalidInputError} If an option cannot be used.
   * @throws {RecorderError} If the directory cannot be made.
   * @throws {MissingPermissionError} If the directory may not be read or written.
   * @throws {BotError} "closed" if the bot is.
   */
  constructor(bot: LiveBot, options: RecorderOptions) {
    super();
    const settings = resolveOptions(options);
    const directory = resolve(settings.directory);
    this.#settings = { ...settings, directory };
    this.#bot = bot;
    bot.currentTimestamp();
    makeDirectory(directory);
    this.#pool = new ChunkPool(settings.maxBufferedBytes);
    const labels = fileLabels(bot.instruments);
    this.#tracks = bot.instruments.map((instrument, asset) => {
      const track: Track = new Track({
        instrument,
        asset,
        label: labels[asset]!,
        settings: this.#settings,
        pool: this.#pool,
        onFile: (file) => this.#onFile({ ...file, instrument }),
        onDrop: () => this.dispatchEvent(new RecorderDropEvent(instrument)),
        onFailure: (error) => this.#fail(track, error),
      });
      return track;
    });
    this.#others = { orders: 0, positions: 0, errors: 0, connections: 0 };
    this.#takeBooks();
    this.#timer = setInterval(() => this.#checkpoint(), settings.flushIntervalMs);
  }

  /** What has become of everything until now. */
  get report(): RecordingReport {
    const instruments = this.#tracks.map((track) => track.report);
    const sum = (field: "events" | "dropped"): number =>
      instruments.reduce((total, instrument) => total + instrument[field], 0);
    return {
      state: this.#failing ? "failed" : this.#closing ? "closed" : "recording",
      failure: this.#failure,
      events: sum("events"),
      bytes: this.#files.reduce((total, { bytes }) => total + bytes, 0),
      dropped: sum("dropped"),
      overflows: this.#overflows,
      lost: this.#lostEvents,
      others: { ...this.#others },
      files: [...this.#files],
      left: [...this.#left],
      instruments,
    };
  }

  /**
   * Takes the market records of a batch. Nothing is waited for, and a failure to write is not
   * thrown: it is told by the "error" event and in the {@linkcode Recorder.report}.
   *
   * @param batch What the bot was just polled into; it is copied.
   * @returns `false` when a caller that can wait should await {@linkcode Recorder.flush} before it
   * goes on, or events may be dropped.
   */
  write(batch: EventBatch): boolean {
    if (this.#view?.batch !== batch) this.#view = new BatchView(batch);
    const view = this.#view;
    const { words } = view;
    const { length } = batch;
    for (let i = 0; i < length; i++) {
      const kind = batch.kind(i);
      if (kind <= EventKind.Bbo) {
        view.index = i;
        this.#tracks[batch.asset(i)]?.add(words, view.at, this.#message, view);
      } else {
        this.#other(batch, i, kind);
      }
    }
    if (this.#lostBooks.size > 0 && !batch.more) {
      this.#takeBooks(this.#lostBooks);
      this.#lostBooks.clear();
    }
    return this.#failing !== undefined || this.#pool.load < HIGH_LOAD;
  }

  /**
   * Records a client from now on.
   *
   * @param client The client of this recorder's bot.
   * @param options What to do when the disk is too slow.
   * @returns A promise that resolves when the client has ended, or the recording has. It does
   * not reject for a bot's failure, which the client tells.
   * @throws {InvalidInputError} If the client is another bot's, or an option cannot be used.
   */
  async follow(client: FollowedClient, options: FollowOptions = {}): Promise<void> {
    const whenFull = checkOneOf("whenFull", options.whenFull ?? "drop", ["drop", "wait"]);
    if (client.bot !== this.#bot) {
      throw new InvalidInputError("client", "one of another bot", "the client of this bot");
    }
    this.#takeBooks();
    const { signal } = this.#ended;
    try {
      for await (const batch of client.batches({ signal })) {
        if (!this.write(batch) && whenFull === "wait") await this.flush();
      }
    } catch {
      // The client tells of it, or the recording has ended.
    }
  }

  /**
   * Puts all that was taken until now on the disk.
   *
   * @returns A promise that resolves when it is there, or the recording has failed.
   */
  async flush(): Promise<void> {
    this.#checkpoint();
    await Promise.all(this.#tracks.map((track) => track.idle));
  }

  /**
   * Completes the files. More calls do nothing; events that come later count as dropped.
   *
   * @returns What has become of everything. It does not throw: look at `failure`.
   */
  close(): Promise<RecordingReport> {
    return this.#closing ??= this.#close();
  }

  /** The same as {@linkcode Recorder.close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<RecordingReport> {
    this.#stop();
    await this.#endTracks(this.#tracks);
    await this.#failing;
    return this.report;
  }

  /** Takes no more. */
  #stop(): void {
    clearInterval(this.#timer);
    this.#ended.abort();
    for (const track of this.#tracks) track.stop();
  }

  async #endTracks(tracks: readonly Track[]): Promise<void> {
    for (const track of tracks) track.end();
    await Promise.all(tracks.map((track) => track.idle));
    for (const track of tracks) track.settle();
  }

  /** Saves what can be saved when a track cannot be written any more. */
  #fail(track: Track, cause: unknown): void {
    const before = this.#failing;
    if (before === undefined) this.#stop();
    this.#failing = Promise.all([before, this.#save(track, cause, before === undefined)]).then();
  }

  async #save(track: Track, cause: unknown, isFirst: boolean): Promise<void> {
    const left = await track.rollBack();
    if (left !== undefined) this.#left.push(left);
    track.settle();
    if (!isFirst) return;
    // The others may have all that they need, such as another disk's worth of buffers.
    await this.#endTracks(this.#tracks.filter((other) => other !== track));
    this.#failure = cause instanceof RecorderError
      ? cause
      : new RecorderError("Cannot record into", this.#settings.directory, problemOf(cause), {
        cause,
      });
    this.dispatchEvent(new RecorderErrorEvent(this.#failure));
  }

  #checkpoint(): void {
    for (const track of this.#tracks) track.checkpoint();
  }

  /** Takes note of a record that is not of the market. */
  #other(batch: EventBatch, i: number, kind: number): void {
    switch (kind) {
      case EventKind.BatchStart:
        this.#message = ++this.#messages;
        break;
      case EventKind.BatchEnd:
        this.#message = 0;
        for (const track of this.#of(batch.asset(i))) track.endMessage();
        break;
      case EventKind.Order:
        this.#others.orders++;
        break;
      case EventKind.Position:
        this.#others.positions++;
        break;
      case EventKind.Error:
        this.#others.errors++;
        break;
      case EventKind.Connection:
        this.#others.connections++;
        break;
      case EventKind.Overflow:
        this.#overflow(batch, i);
        break;
    }
  }

  #overflow(batch: EventBatch, i: number): void {
    // Its end may be among what was lost.
    this.#message = 0;
    this.#overflows++;
    const lost = batch.qty(i);
    if (lost > 0) this.#lostEvents += lost;
    const inJournal = overflowCauseOf(batch.detail(i)) === "journal";
    for (const track of this.#of(batch.asset(i))) {
      track.overflows++;
      // What the journal lost has changed the bot's book; after another loss the bot takes it anew.
      if (inJournal) this.#lostBooks.add(track);
      else track.setStale();
    }
  }

  /** The track of an asset, or all for what belongs to none. */
  #of(asset: number): readonly Track[] {
    const track = this.#tracks[asset];
    return track === undefined ? this.#tracks : [track];
  }

  #takeBooks(tracks: Iterable<Track> = this.#tracks): void {
    for (const track of tracks) track.setBook(this.#bot.depth(track.asset).snapshot());
  }

  #onFile(file: RecordedFile): void {
    this.#files.push(file);
    this.dispatchEvent(new RecordedFileEvent(file));
  }
}

/** Makes a directory if it is not there, and checks that files can be written in it. */
function makeDirectory(path: string): void {
  const action = `Cannot record into ${path}`;
  requirePath(action, "read", path);
  requirePath(action, "write", path);
  try {
    Deno.mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw new RecorderError("Cannot record into", path, problemOf(cause), { cause });
  }
}
