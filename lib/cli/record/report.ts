/**
 * What `record` reports.
 *
 * @module
 */

import type { Health } from "../../client/health.ts";
import type {
  OtherRecords,
  RecordedInstrument,
  RecordingReport,
} from "../../replay/record/report.ts";
import type { SourceMode } from "../source/source.ts";

/** A file, as `record` reports it. */
export interface FileReport {
  /** The file. */
  readonly path: string;
  /** Connector of its instrument. */
  readonly connector: string;
  /** Symbol of its instrument. */
  readonly symbol: string;
  /** Market events in it, without the book that it may begin with. */
  readonly events: number;
  /** Bytes of it. */
  readonly bytes: number;
}

/** What `record` reports. */
export interface RecordReport {
  /** Where the market came from. */
  readonly mode: SourceMode;
  /** Time recorded by the market's clock, in seconds. */
  readonly durationS: number;
  /** Market events recorded. */
  readonly events: number;
  /** Bytes of the complete files. */
  readonly bytes: number;
  /** Market events that are in no file. */
  readonly dropped: number;
  /** How often events were lost on their way from the connector. */
  readonly overflows: number;
  /** Events lost there, as far as that could be counted. */
  readonly lost: number;
  /** What stopped the recording before its time; null if nothing did. */
  readonly failure: string | null;
  /** The complete files. */
  readonly files: readonly FileReport[];
  /** Files that could not be completed. */
  readonly left: readonly string[];
  /** Records that are not of the market. */
  readonly others: OtherRecords;
  /** What is proven about all connections together. */
  readonly health: { readonly healthy: boolean; readonly reason: string | null };
  /** Each instrument's part. */
  readonly instruments: readonly RecordedInstrument[];
}

/** What a report is made from. */
export interface RecordReportSource {
  /** Where the market came from. */
  readonly mode: SourceMode;
  /** Time recorded, in seconds. */
  readonly elapsedS: number;
  /** What has become of the events. */
  readonly recording: RecordingReport;
  /** What is proven about the connections. */
  readonly health: Health;
}

/** Makes a report. */
export function recordReport(
  { mode, elapsedS, recording, health }: RecordReportSource,
): RecordReport {
  const { failure, files, state: _state, ...rest } = recording;
  return {
    mode,
    durationS: elapsedS,
    ...rest,
    failure: failure?.message ?? null,
    files: files.map(({ path, instrument: { connector, symbol }, events, bytes }) => ({
      ...{ path, connector, symbol, events, bytes },
    })),
    health: { healthy: health.healthy, reason: health.reason ?? null },
  };
}
