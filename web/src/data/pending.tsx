import { describeState, type StreamState } from './stream-state.ts';

interface PendingProps {
  state: StreamState;
  /** Asks again after a final error. */
  again?: () => void;
}

/** Placeholder that says why something is not there yet. */
export function Pending({ state, again }: PendingProps) {
  const { short, long } = describeState(state);
  return (
    <p className="pending" role="status">
      {state.status === 'loading' ? (
        'Loading …'
      ) : (
        <>
          <strong>{short}.</strong> {long}
        </>
      )}
      {state.status === 'failed' && again && (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
    </p>
  );
}
