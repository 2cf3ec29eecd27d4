import { describeState, type StreamState } from './stream-state.ts';

/** Placeholder that says why something is not there yet. */
export function Pending({ state }: { state: StreamState }) {
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
    </p>
  );
}
