/**
 * How long a majority may take, in milliseconds. A primary that has lost its majority would otherwise
 * never answer, and each waiting write holds a connection.
 */
const MAJORITY_TIMEOUT_MS = 10_000;

/**
 * The write concern of everything that must not be lost.
 * Source: MongoDB manual, "Write Concern" (`w`, `j`, `wtimeout`).
 */
export const DURABLE = {
  w: 'majority',
  journal: true,
  wtimeoutMS: MAJORITY_TIMEOUT_MS,
} as const;
