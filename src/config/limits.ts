const KIB = 1024;
const MIB = 1024 * KIB;

/** A limit: its setting, its default and its allowed range. */
interface Limit {
  readonly setting: string;
  readonly byDefault: number;
  readonly least: number;
  readonly most: number;
}

const limit = (setting: string, byDefault: number, most: number, least = 1): Limit => ({
  setting,
  byDefault,
  least,
  most,
});

/**
 * The table of limits by their names in code; docs/reference/limits.md explains each. The webhook's
 * limit (`WEBHOOK_MAX_BYTES`) follows from MongoDB's limit on documents: see config.ts.
 */
export const limitTable = {
  maxGraphqlBytes: limit('GRAPHQL_MAX_BYTES', 256 * KIB, 16 * KIB * KIB, KIB),
  maxMessageBytes: limit('WEBSOCKET_MAX_BYTES', 256 * KIB, 16 * KIB * KIB, KIB),
  initTimeoutMs: limit('WEBSOCKET_INIT_TIMEOUT_MS', 5_000, 600_000),
  headersTimeoutMs: limit('HTTP_HEADERS_TIMEOUT_MS', 10_000, 600_000),
  requestTimeoutMs: limit('HTTP_REQUEST_TIMEOUT_MS', 30_000, 3_600_000),
  minBodyBytesPerSecond: limit('WEBHOOK_MIN_BYTES_PER_SECOND', KIB, KIB * KIB),
  maxConnections: limit('MAX_CONNECTIONS', 10_000, 1_000_000),
  maxConnectionsPerViewer: limit('MAX_CONNECTIONS_PER_VIEWER', 100, 1_000_000),
  maxOperationsPerSocket: limit('MAX_OPERATIONS_PER_SOCKET', 100, 1_000_000),
  maxQueriesPerViewer: limit('MAX_QUERIES_PER_VIEWER', 100, 1_000_000),
  maxSubscriptionsPerViewer: limit('MAX_SUBSCRIPTIONS_PER_VIEWER', 1_000, 1_000_000),
  maxFilterValues: limit('MAX_FILTER_VALUES', 100, 10_000),
  maxPageSize: limit('MAX_PAGE_SIZE', 1_000, 10_000),
  maxPageBytes: limit('GRAPHQL_MAX_PAGE_BYTES', 4 * MIB, 256 * MIB, 64 * KIB),
  maxAnswerBytes: limit('GRAPHQL_MAX_ANSWER_BYTES', 16 * MIB, 256 * MIB, MIB),
  maxAnsweringBytes: limit('GRAPHQL_MAX_MEMORY_BYTES', 64 * MIB, 65_536 * MIB, MIB),
  replayEventsPerSecond: limit('REPLAY_EVENTS_PER_SECOND', 50_000, 10_000_000),
  maxDepth: limit('GRAPHQL_MAX_DEPTH', 12, 1_000),
  maxAliases: limit('GRAPHQL_MAX_ALIASES', 15, 10_000, 0),
  maxTokens: limit('GRAPHQL_MAX_TOKENS', 1_000, 100_000),
  maxDirectives: limit('GRAPHQL_MAX_DIRECTIVES', 50, 10_000, 0),
  maxComplexity: limit('GRAPHQL_MAX_COMPLEXITY', 50_000, 100_000_000),
  maxBuckets: limit('MAX_BUCKETS', 10_000, 1_000_000),
  statisticsTimeoutMs: limit('STATISTICS_TIMEOUT_MS', 30_000, 600_000, 100),
} as const;

export type LimitName = keyof typeof limitTable;
export type Limits = Readonly<Record<LimitName, number>>;

const names = Object.keys(limitTable) as LimitName[];

/** Returns all limits: the given ones, and defaults for the rest. */
export function completeLimits(given: Partial<Limits> = {}): Limits {
  const all = names.map((name) => [name, given[name] ?? limitTable[name].byDefault]);
  return Object.fromEntries(all) as Limits;
}

/** Returns all limits from values under the names of their settings. */
export function limitsOfSettings(values: Readonly<Record<string, number | undefined>>): Limits {
  const given = names.map((name) => [name, values[limitTable[name].setting]]);
  return completeLimits(Object.fromEntries(given));
}

/** Describes a limit for a message: its value and its setting, `100 (MAX_FILTER_VALUES)`. */
export function describeLimit(limits: Partial<Limits>, name: LimitName): string {
  return `${limits[name]} (${limitTable[name].setting})`;
}
