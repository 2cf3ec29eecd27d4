import { useState } from 'react';
import { Failed } from '../data/absent.tsx';
import { Pending } from '../data/pending.tsx';
import { useAnswer } from '../data/use-answer.ts';
import { DROP, QUARANTINED_BODY, RETRY } from '../documents/deliveries.ts';
import type { QuarantineQuery } from '../generated/graphql.ts';
import type { Session } from '../session/create-session.ts';
import { fullTime } from '../words/times.ts';
import { DropButton } from './drop-button.tsx';
import { useAction } from './use-action.ts';

type Delivery = QuarantineQuery['quarantine']['edges'][number]['node'];

interface QuarantinedDeliveryProps {
  session: Session;
  delivery: Delivery;
  /** The cursor of the next newer one. */
  before: string | undefined;
  /** Called when it may have left the quarantine. */
  changed: () => void;
}

/** A refused delivery: why, its bytes on demand, and what can be done. */
export function QuarantinedDelivery(props: QuarantinedDeliveryProps) {
  const { session, delivery, before, changed } = props;
  const { digest, problem, detail, firstAt, lastAt, count, sizeBytes } = delivery;
  const [isOpen, setIsOpen] = useState(false);
  const retry = useAction(session, RETRY);
  const drop = useAction(session, DROP);
  const isRunning = retry.isRunning || drop.isRunning;
  const [outcome] = retry.data?.retryQuarantined ?? [];
  const fault = retry.fault ?? drop.fault;
  return (
    <li className="delivery">
      <p>
        <strong>{problem}</strong> {detail}
      </p>
      <p className="muted">
        {count === 1
          ? `received ${fullTime(firstAt)}`
          : `received ${count} times, from ${fullTime(firstAt)} to ${fullTime(lastAt)}`}
        {' · '}
        {sizeBytes.toLocaleString()} bytes · <code title={digest}>{digest.slice(0, 12)}</code>
      </p>
      <p className="buttons">
        <button type="button" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {isOpen ? 'Hide the bytes' : 'Show the bytes'}
        </button>
        <button
          type="button"
          disabled={isRunning}
          onClick={() => retry.run({ digests: [digest] }, changed)}
        >
          Retry
        </button>
        <DropButton isDisabled={isRunning} drop={() => drop.run({ digests: [digest] }, changed)} />
      </p>
      <p className="outcome" role="status">
        {isRunning && 'Working …'}
        {outcome && `${outcome.status.toLowerCase()}${outcome.detail ? `: ${outcome.detail}` : ''}`}
        {fault && <span className="fault">{fault}</span>}
      </p>
      {isOpen && <Body session={session} digest={digest} before={before} />}
    </li>
  );
}

interface BodyProps {
  session: Session;
  digest: string;
  before: string | undefined;
}

function Body({ session, digest, before }: BodyProps) {
  const asked = useAnswer(session, QUARANTINED_BODY, { last: 1, before: before ?? null });
  if (!asked.answer) return <Pending state={asked.state} again={asked.again} />;
  const { data, errors } = asked.answer;
  const node = data.quarantine.edges[0]?.node;
  if (errors.length > 0) return <Failed errors={errors} again={asked.again} />;
  if (node?.digest !== digest) return <p>It is no longer in quarantine.</p>;
  // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable, so focusable
  return <pre tabIndex={0}>{node.raw}</pre>;
}
