import { describeState, type StreamState } from './stream-state.ts';

/** Shows the connection state, and announces changes to screen readers. */
export function ConnectionState({ state }: { state: StreamState }) {
  const { short, long } = describeState(state);
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
