/**
 * What has become of what a recorder was given.
 *
 * @module
 */

import type { Instrument } from "../../model/instrument.ts";
import type { RecorderError } from "./errors.ts";

/** A complete file of a recording. */
export interface RecordedFile {
  /** The file. */
  readonly path: string;
  /** What it holds the events of. */
  readonly instrument: Instrument;
  /** Bytes of it. */
  readonly bytes: number;
  /** Market events in it, without the book that it may begin with. */
  readonly events: number;
}

/** What has become of one instrument's events. */
export interface RecordedInstrument extends Instrument {
  /** Market events that were taken, and not lost later. */
  readonly events: number;
  /** Market events that are in no file: the disk was too slow, or recording has stopped. */
  readonly dropped: number;
  /** How often the bot told that events were lost on their way to it. */
  readonly overflows: number;
  /** Events that the format cannot express: in files of lines best prices, and trades without a side. */
  readonly unwritable: number;
  /** Events that had no local or exchange time, and got that of the event before. */
  readonly filledTimes: number;
  /** Events whose local time was before that of the event before, to which it was raised. */
  readonly raisedTimes: number;
  /** Events whose exchange time is before that of the event before; it is recorded as it is. */
  readonly reversedExchTimes: number;
  /** Events whose local time is before their exchange time: the clocks differ. */
  readonly negativeLatencies: number;
}

/** Records of a bot that are not of the market, which no format holds. */
export interface OtherRecords {
  /** Order responses. */
  readonly orders: number;
  /** Positions. */
  readonly positions: number;
  /** Trouble that connectors reported. */
  readonly errors: number;
  /** Changes of connections. */
  readonly connections: number;
}

/** What has become of all that a recorder was given. */
export interface RecordingReport {
  /** Whether it records, is closed, or was stopped by a failure. */
  readonly state: "recording" | "closed" | "failed";
  /** What stopped it; undefined if nothing did. */
  readonly failure: RecorderError | undefined;
  /** Market events that were taken, and not lost later. */
  readonly events: number;
  /** Bytes of the complete files. */
  readonly bytes: number;
  /** Market events that are in no file: the disk was too slow, or recording has stopped. */
  readonly dropped: number;
  /** How often the bot told that events were lost on their way to it. */
  readonly overflows: number;
  /** Events lost on their way to the bot or in it, as far as it could count them. */
  readonly lost: number;
  /** Records that are not of the market. */
  readonly others: OtherRecords;
  /** The complete files, in the order of their completion. */
  readonly files: readonly RecordedFile[];
  /** Files that could not be completed after a failure; `recoverRecording` may. */
  readonly left: readonly string[];
  /** Each instrument's part, by asset number. */
  readonly instruments: readonly RecordedInstrument[];
}
