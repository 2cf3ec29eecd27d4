import { type StreamState, stateInWords } from './stream-state.ts';

/** In the place of what is not there yet: why. */
export function Pending({ state }: { state: StreamState }) {
  const { short, long } = stateInWords(state);
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
