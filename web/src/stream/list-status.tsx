import { describeState } from '../data/stream-state.ts';
import type { EventList, ListState } from './create-event-list.ts';

interface ListStatusProps {
  list: EventList | undefined;
  shown: ListState;
  /** The end of the shown span, if it is over: nothing new can match. */
  endedOn?: string | undefined;
}

/** Says what the list is doing, announces changes to screen readers, and pauses or resumes it. */
export function ListStatus({ list, shown, endedOn }: ListStatusProps) {
  const { state, pauseReasons, waiting } = shown;
  const isHeld = pauseReasons.size > 0;
  const { kind, short, long } = describe(shown, endedOn);
  return (
    <div className="list-status">
      <p className={`connection is-${state.status} shows-${kind}`} role="status">
        <span className="lamp" aria-hidden="true" />
        <strong>{short}</strong> <span className="muted">{long}</span>
        {state.status === 'failed' && (
          <button type="button" onClick={() => location.reload()}>
            Reload
          </button>
        )}
      </p>
      {isHeld && (
        <span className="waiting figure" data-waiting={waiting}>
          {waiting.toLocaleString()} {waiting === 1 ? 'event waits' : 'events wait'}
        </span>
      )}
      <button
        type="button"
        className={isHeld ? 'main' : ''}
        disabled={!list}
        onClick={() => (isHeld ? list?.resume() : list?.hold('button'))}
      >
        {isHeld ? 'Resume' : 'Pause'}
      </button>
    </div>
  );
}

function describe({ state, pauseReasons }: ListState, endedOn: string | undefined) {
  const told = describeState(state);
  if (state.status !== 'live') return { kind: state.status, ...told };
  if (pauseReasons.has('button')) {
    return { kind: 'paused', short: 'Paused', long: 'New events wait until you resume.' };
  }
  if (pauseReasons.size > 0) {
    return {
      ...{ kind: 'held', short: 'Held while you read' },
      long: 'Scroll to the top or resume to go on.',
    };
  }
  if (endedOn !== undefined) {
    return { kind: 'past', short: 'Past span', long: 'Events of now are not in it.' };
  }
  return { kind: 'live', ...told };
}
