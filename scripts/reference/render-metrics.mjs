import { markdownTable } from './markdown-table.mjs';

/** An idle server: only names, types and labels are of interest. */
const AT_REST = {
  intake: () => ({ events: 0, bytes: 0 }),
  head: () => 0,
  lag: () => ({ positions: 0, ms: 0 }),
  writer: () => ({
    isHolder: false,
    takeOvers: { free: 0, expired: 0 },
    inboxEvents: 0,
    inboxAgeMs: 0,
  }),
  isDatabaseUp: () => true,
  quarantined: () => 0,
  open: () => ({
    ...{ connections: 0, maxConnections: 0, webSockets: 0, subscriptions: 0 },
    ...{ liveSubscriptions: 0, waitingReplays: 0 },
  }),
  lastReceived: Object.assign([['message_sent', 0]], { latest: () => 0 }),
};

/**
 * Renders the table of metrics.
 *
 * @param createMetrics of `src/observability/metrics`
 */
export function renderMetrics(createMetrics) {
  const metrics = createMetrics(AT_REST, false).describe();
  const rows = metrics.map(({ name, type, labelNames, help }) => [
    `\`${name}\``,
    type,
    labelNames.map((label) => `\`${label}\``).join(' '),
    help,
  ]);
  return markdownTable(['name', 'type', 'labels', 'meaning'], rows);
}
