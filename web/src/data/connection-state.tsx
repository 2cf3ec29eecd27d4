import { type StreamState, stateInWords } from './stream-state.ts';

/** How it stands with the connection, for eyes and for screen readers, which are told of changes. */
export function ConnectionState({ state }: { state: StreamState }) {
  const { short, long } = stateInWords(state);
  return (
    <p className={`connection is-${state.status}`} role="status">
      <span className="lamp" aria-hidden="true" />
      <strong>{short}</strong> <span className="muted">{long}</span>
      {state.status === 'failed' && (
        <button type="button" onClick={() => location.reload()}>
          Reload
        </button>
      )}
    </p>
  );
}
