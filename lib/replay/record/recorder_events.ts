/**
 * Events that a recorder dispatches as an `EventTarget`.
 *
 * @module
 */

import type { Instrument } from "../../model/instrument.ts";
import type { RecorderError } from "./errors.ts";
import type { RecordedFile } from "./report.ts";

/** Recording has stopped for good ("error"); the bot goes on. */
export class RecorderErrorEvent extends CustomEvent<RecorderError> {
  /**
   * Makes an event.
   *
   * @param error What stopped it.
   */
  constructor(error: RecorderError) {
    super("error", { detail: error });
  }
}

/** A file is complete ("file"). */
export class RecordedFileEvent extends CustomEvent<RecordedFile> {
  /**
   * Makes an event.
   *
   * @param file The file.
   */
  constructor(file: RecordedFile) {
    super("file", { detail: file });
  }
}

/** Events of an instrument begin to be dropped, because the disk is too slow ("drop"). */
export class RecorderDropEvent extends CustomEvent<Instrument> {
  /**
   * Makes an event.
   *
   * @param instrument The instrument.
   */
  constructor(instrument: Instrument) {
    super("drop", { detail: instrument });
  }
}

/** Event types of a recorder and their classes. */
export interface RecorderEventMap {
  /** Recording has stopped for good. */
  error: RecorderErrorEvent;
  /** A file is complete. */
  file: RecordedFileEvent;
  /** Events begin to be dropped. */
  drop: RecorderDropEvent;
}
