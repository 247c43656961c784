/**
 * The output of connectors: lines, redaction, buffer, files.
 *
 * @module
 */

export {
  CONNECTOR_LOG_LEVELS,
  type ConnectorLogLevel,
  type LogLine,
  type OutputStream,
} from "./log_line.ts";
export {
  LogBuffer,
  type LogBufferOptions,
  type LogCounts,
  type LogTail,
  type TailOptions,
} from "./log_buffer.ts";
export { Redactor } from "./redact.ts";
export {
  RotatingFile,
  type RotatingFileCounts,
  type RotatingFileOptions,
} from "./rotating_file.ts";
export { ConnectorOutput, type ConnectorOutputOptions } from "./connector_output.ts";
