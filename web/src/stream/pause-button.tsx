import type { EventList, ListState } from './create-event-list.ts';

interface PauseButtonProps {
  list: EventList | undefined;
  shown: ListState;
}

/** Pauses and resumes the list, and shows how many events wait. */
export function PauseButton({ list, shown: { pauseReasons, waiting } }: PauseButtonProps) {
  const isHeld = pauseReasons.size > 0;
  const what = `${waiting.toLocaleString()} ${waiting === 1 ? 'event waits' : 'events wait'}`;
  return (
    <p className="pause">
      {isHeld && (
        <span>
          {pauseReasons.has('button') ? 'Paused' : 'Held while you read'}
          {': '}
          <strong data-waiting={waiting}>{what}</strong>
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
    </p>
  );
}
