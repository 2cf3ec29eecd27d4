import { formatView, type ListView } from '../address/view.ts';
import { clockTime } from '../words/times.ts';
import { allOf } from './filters.tsx';

interface NoEventsProps {
  view: ListView;
  /** The server's time in milliseconds since 1970. */
  nowMs: number;
  /** Whether simulated events would appear here. */
  canSimulate: boolean;
}

/** Says why the list is empty: no event has arrived, or the filters exclude all. */
export function NoEvents({ view, nowMs, canSimulate }: NoEventsProps) {
  const { from, until, types, userIds, installationIds } = view;
  const isChosen = types.length + userIds.length + installationIds.length > 0;
  if (from && until) {
    const isOver = Date.parse(until) <= nowMs;
    const what = isChosen ? 'No events that match' : 'No events';
    return (
      <>
        <p>
          <strong>
            {what} from {clockTime(from)} to {clockTime(until)}
            {isOver ? '.' : ' yet.'}
          </strong>{' '}
          {!isOver && 'The page shows them as they come.'}
        </p>
        <p className="buttons">
          <a
            href={formatView({
              page: 'stream',
              list: { ...view, from: undefined, until: undefined },
            })}
          >
            Any time
          </a>
          {isChosen && <a href={allOf(view)}>Show everything</a>}
        </p>
      </>
    );
  }
  if (isChosen) {
    return (
      <>
        <p>
          <strong>No events that match yet.</strong> The page shows them as they come.
        </p>
        <p>
          <a href={allOf(view)}>Show everything</a>
        </p>
      </>
    );
  }
  return (
    <>
      <p>
        <strong>No events yet.</strong> The page shows them as they come.
        {canSimulate && ' To see some:'}
      </p>
      {canSimulate && <pre>npx eventline simulate --rate 20</pre>}
    </>
  );
}
