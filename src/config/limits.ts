const KIB = 1024;

/** A limit: its setting, what it is when that is not set, and between what it may be set. */
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
 * The one table of limits, each under the name that the code knows it by; the README says what each
 * means. The webhook's own limit (`WEBHOOK_MAX_BYTES`) follows from what MongoDB takes: config.ts.
 */
export const limitTable = {
  maxGraphqlBytes: limit('GRAPHQL_MAX_BYTES', 256 * KIB, 16 * KIB * KIB, KIB),
  maxMessageBytes: limit('WEBSOCKET_MAX_BYTES', 256 * KIB, 16 * KIB * KIB, KIB),
  initTimeoutMs: limit('WEBSOCKET_INIT_TIMEOUT_MS', 5_000, 600_000),
  headersTimeoutMs: limit('HTTP_HEADERS_TIMEOUT_MS', 10_000, 600_000),
  requestTimeoutMs: limit('HTTP_REQUEST_TIMEOUT_MS', 30_000, 3_600_000),
  maxConnections: limit('MAX_CONNECTIONS', 10_000, 1_000_000),
  maxConnectionsPerViewer: limit('MAX_CONNECTIONS_PER_VIEWER', 100, 1_000_000),
  maxOperationsPerSocket: limit('MAX_OPERATIONS_PER_SOCKET', 100, 1_000_000),
  maxSubscriptionsPerViewer: limit('MAX_SUBSCRIPTIONS_PER_VIEWER', 1_000, 1_000_000),
  maxFilterValues: limit('MAX_FILTER_VALUES', 100, 10_000),
  maxPageSize: limit('MAX_PAGE_SIZE', 1_000, 10_000),
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

/** All limits: those that are given, and the defaults for the others. */
export function completeLimits(given: Partial<Limits> = {}): Limits {
  const all = names.map((name) => [name, given[name] ?? limitTable[name].byDefault]);
  return Object.fromEntries(all) as Limits;
}

/** All limits, from values that stand under the names of their settings. */
export function limitsOfSettings(values: Readonly<Record<string, number | undefined>>): Limits {
  const given = names.map((name) => [name, values[limitTable[name].setting]]);
  return completeLimits(Object.fromEntries(given));
}

/** A limit for a message: how much it is and which setting says so, `100 (MAX_FILTER_VALUES)`. */
export function describeLimit(limits: Partial<Limits>, name: LimitName): string {
  return `${limits[name]} (${limitTable[name].setting})`;
}
