import { catalog, UNKNOWN } from '../../catalog/catalog.ts';
import type { StoredEvent } from '../../catalog/event.ts';
import type { InsertReport } from '../../log/append/types.ts';
import { type OutcomeName, outcomes, type ProblemType, problems } from '../../webhook/answers.ts';
import type { DeliveryReport } from '../../webhook/outcome.ts';
import type { Drift } from './create-drift-watch.ts';
import type { MetricMakers } from './metric-makers.ts';

const BATCH_EVENTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];
const NO_TYPE = 'none';

const declared = catalog.map(({ name }) => name);
const types = [...declared, UNKNOWN];

/** Refused bytes that were refused and kept before, whatever the problem. */
const REFUSED_AGAIN = 'refused-again';

/** The types that a delivery with this answer can have: none if it was refused unread. */
function typesOf(problem: ProblemType): readonly string[] {
  switch (problem) {
    case 'json-not-exact':
    case 'internal-error':
    case 'unavailable':
      return [...types, NO_TYPE];
    default:
      return [NO_TYPE];
  }
}

/** Creates the intake metrics: deliveries, their outcomes, and the time until publication. */
export function intakeMetrics({ counter, histogram }: MetricMakers) {
  const deliveries = counter(
    'eventline_deliveries_total',
    'Webhook deliveries by answer (stored, duplicate, erased, dropped, the problem, or refused-again for bytes that are in quarantine already) and event type (none if it was not read).',
    [
      ...(Object.keys(outcomes) as OutcomeName[])
        .filter((answer) => answer !== 'dropped')
        .flatMap((answer) => types.map((type) => ({ answer, type }))),
      ...['dropped', 'erased', REFUSED_AGAIN].map((answer) => ({ answer, type: NO_TYPE })),
      ...(Object.keys(problems) as ProblemType[]).flatMap((answer) =>
        typesOf(answer).map((type) => ({ answer, type })),
      ),
    ],
  );
  const deliverySeconds = histogram(
    'eventline_delivery_duration_seconds',
    'Time from the headers of a delivery to its answer, by HTTP status.',
    ['status'],
  );
  const keptProblems = Object.entries(problems).flatMap(([problem, { kept }]) =>
    kept ? [{ problem }] : [],
  );
  const quarantined = counter(
    'eventline_quarantined_deliveries_total',
    'Signed deliveries that were kept in quarantine, by problem; each body counts once.',
    keptProblems,
  );
  const quarantinedAgain = counter(
    'eventline_quarantined_redeliveries_total',
    'Repeated deliveries of bodies that are in quarantine, by problem.',
    keptProblems,
  );
  const batchEvents = histogram(
    'eventline_append_batch_events',
    'Events per insert.',
    [],
    BATCH_EVENTS,
  );
  const appendSeconds = histogram(
    'eventline_append_duration_seconds',
    'Time of one insert until a majority has it on disk, by outcome: all (the whole batch was stored), repeat (an event was a duplicate), race-lost (another writer took the position), refused (MongoDB rejected an event), unclear (the result is unknown), or inbox (stored in the inbox).',
    ['outcome'],
  );
  const positionDelay = histogram(
    'eventline_position_delay_seconds',
    'Time from the acknowledgement of an event that this instance stored in the inbox to its publication here, with its position.',
  );
  const published = counter(
    'eventline_published_events_total',
    'Events published to the live feed, from all instances, by type.',
    types.map((type) => ({ type })),
  );
  const publishDelay = histogram(
    'eventline_publish_delay_seconds',
    'Time from the reception of an event, at any instance, to its publication here; clocks of machines differ.',
  );
  const drift = counter(
    'eventline_drift_events_total',
    'Events that differ from the catalog, by kind of difference: an unknown type, an undeclared member of the envelope, or a field that is undeclared, missing or malformed.',
    [
      { kind: 'unknown_type', type: UNKNOWN },
      ...types.map((type) => ({ kind: 'undeclared_member', type })),
      ...['undeclared_field', 'missing_field', 'malformed_field'].flatMap((kind) =>
        declared.map((type) => ({ kind, type })),
      ),
    ],
  );
  const future = counter(
    'eventline_future_events_total',
    'Stored events whose instant is more than 5 minutes after their receipt, by type: the clock of the sender is wrong.',
    types.map((type) => ({ type })),
  );
  const tooOld = counter(
    'eventline_too_old_events_total',
    'Stored events whose instant is before 2008, by type: the sender sends the default of a clock or a library.',
    types.map((type) => ({ type })),
  );
  return {
    onDelivery(delivery: DeliveryReport) {
      const { answer, eventType = NO_TYPE, status, durationMs } = delivery;
      const { quarantined: isKept, isRepeated } = delivery;
      if (isRepeated) {
        deliveries.inc({ answer: isKept ? REFUSED_AGAIN : answer, type: NO_TYPE });
      } else deliveries.inc({ answer, type: eventType });
      deliverySeconds.observe({ status }, durationMs / 1_000);
      if (isKept) (isRepeated ? quarantinedAgain : quarantined).inc({ problem: answer });
      if (delivery.isFromFuture) future.inc({ type: eventType });
      if (delivery.isTooOld) tooOld.inc({ type: eventType });
    },
    onInsert({ events, durationMs, outcome }: InsertReport) {
      batchEvents.observe(events);
      appendSeconds.observe({ outcome }, durationMs / 1_000);
    },
    onPosition: (tookMs: number) => positionDelay.observe(tookMs / 1_000),
    onPublished({ type, receivedAt }: Pick<StoredEvent, 'type' | 'receivedAt'>) {
      published.inc({ type });
      publishDelay.observe(Math.max(0, (Date.now() - receivedAt.getTime()) / 1_000));
    },
    onDrift: ({ kind, type }: Drift) => drift.inc({ kind, type }),
  };
}
