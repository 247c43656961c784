/**
 * The flag of commands that poll a bot.
 *
 * @module
 */

/** How hard a command looks for news while nothing comes. */
export const IDLE_FLAGS = {
  idle: {
    kind: "choice",
    words: ["busySpin", "yielding", "backoff"],
    default: "backoff",
    description: "What to do while nothing comes, from lowest latency to least CPU",
  },
} as const;
