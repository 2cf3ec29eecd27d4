import { everything, formatView, isNarrowed, type ListView } from '../address/view.ts';
import { clockTime } from '../words/times.ts';

interface NoEventsProps {
  view: ListView;
  /** The server's time in milliseconds since 1970. */
  nowMs: number;
  /** Whether simulated events would appear here. */
  canSimulate: boolean;
}

/** The address of the same view without filters. */
export function allOf({ asTable, range }: ListView): string {
  return formatView({ page: 'stream', list: { ...everything, asTable, range } });
}

/** Says why the list is empty, and what to do next. */
export function NoEvents({ view, nowMs, canSimulate }: NoEventsProps) {
  const { from, until } = view;
  const isChosen = isNarrowed({ ...view, from: undefined });
  if (from) {
    const isOver = until !== undefined && Date.parse(until) <= nowMs;
    const what = isChosen ? 'No events that match' : 'No events';
    const span = until
      ? `from ${clockTime(from)} to ${clockTime(until)}`
      : `since ${clockTime(from)}`;
    const anyTime = { ...view, from: undefined, until: undefined };
    return (
      <>
        <p>
          <strong>
            {what} {span}
            {isOver ? '.' : ' yet.'}
          </strong>{' '}
          {!isOver && 'The page shows them as they come.'}
        </p>
        <p className="buttons">
          <a href={formatView({ page: 'stream', list: anyTime })}>Any time</a>
          {isChosen && <a href={allOf(view)}>Show everything</a>}
        </p>
      </>
    );
  }
  if (isChosen) {
    return (
      <>
        <p>
          <strong>No events that match yet.</strong> The page shows them as they come. Ids are
          compared whole: check for typing errors.
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
