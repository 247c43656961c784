/**
 * Recording a market into files.
 *
 * @module
 */

export type { RecordingFormat } from "./container.ts";
export { RecorderError } from "./errors.ts";
export type { RecorderOptions } from "./options.ts";
export { type FollowedClient, type FollowOptions, Recorder } from "./recorder.ts";
export {
  RecordedFileEvent,
  RecorderDropEvent,
  RecorderErrorEvent,
  type RecorderEventMap,
} from "./recorder_events.ts";
export { type RecoveredRecording, type RecoverOptions, recoverRecording } from "./recover.ts";
export type { OtherRecords, RecordedFile, RecordedInstrument, RecordingReport } from "./report.ts";
