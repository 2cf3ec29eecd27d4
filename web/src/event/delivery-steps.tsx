import type { EventOfPage } from '../documents/event.ts';
import { duration, fullTime } from '../words/times.ts';

/** How an event came here: when it occurred, was received and stored, and arrived again. */
export function DeliverySteps({ event }: { event: EventOfPage }) {
  const { occurredOn, delivery } = event;
  const { receivedAt, repeats, lastRepeatedAt } = delivery;
  const tookMs = Date.parse(receivedAt) - Date.parse(occurredOn);
  return (
    <section>
      <h3>Delivery</h3>
      <ol className="steps">
        <li>
          <strong>Occurred</strong>
          <span>
            <time dateTime={occurredOn}>{fullTime(occurredOn)}</time>
            <span className="muted"> by the sender's clock</span>
          </span>
        </li>
        <li>
          <strong>Received</strong>
          <span>
            <time dateTime={receivedAt}>{fullTime(receivedAt)}</time>
            <span className="muted">
              {tookMs < 0
                ? ` ${duration(tookMs)} before it occurred: a clock is wrong`
                : ` ${duration(tookMs)} later`}
            </span>
          </span>
        </li>
        <li>
          <strong>Stored</strong>
          <span className="muted">durably in the log, before the sender got its answer</span>
        </li>
        <li>
          <strong>Redelivered</strong>
          <span>
            {repeats === 0 ? 'never' : repeats === 1 ? 'once' : `${repeats} times`}
            {lastRepeatedAt && <span className="muted">, the last {fullTime(lastRepeatedAt)}</span>}
          </span>
        </li>
      </ol>
    </section>
  );
}
