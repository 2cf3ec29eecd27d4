import { type FocusEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { ListView } from '../address/view.ts';
import { clockTime } from '../words/times.ts';

interface SpanBoxProps {
  from: string | undefined;
  until: string | undefined;
  show: (change: Pick<ListView, 'from' | 'until'>) => void;
}

/** Input for a time range, as an alternative to dragging over the chart. */
export function SpanBox({ from, until, show }: SpanBoxProps) {
  const id = useId();
  const [texts, setTexts] = useState({ from: toLocal(from), until: toLocal(until) });
  useEffect(() => setTexts({ from: toLocal(from), until: toLocal(until) }), [from, until]);
  const [low, high] = [Date.parse(texts.from), Date.parse(texts.until)];
  const isSpan = low < high;
  const details = useRef<HTMLDetailsElement>(null);

  /** Returns the focus to the opener, unless it has moved elsewhere. */
  function close(): void {
    if (!details.current) return;
    details.current.open = false;
    details.current.querySelector('summary')?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || !details.current?.open) return;
    event.preventDefault();
    close();
  }

  function onBlur({ currentTarget, relatedTarget }: FocusEvent<HTMLDetailsElement>): void {
    if (relatedTarget && !currentTarget.contains(relatedTarget)) currentTarget.open = false;
  }

  return (
    <details ref={details} className="span" onKeyDown={onKeyDown} onBlur={onBlur}>
      <summary>{from && until ? `${clockTime(from)} – ${clockTime(until)}` : 'Any time'}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          show({ from: new Date(low).toISOString(), until: new Date(high).toISOString() });
          close();
        }}
      >
        {(['from', 'until'] as const).map((name) => (
          <p key={name}>
            <label htmlFor={`${id}-${name}`}>{name === 'from' ? 'From' : 'Until'}</label>
            <input
              id={`${id}-${name}`}
              type="datetime-local"
              value={texts[name]}
              onChange={({ target }) => setTexts({ ...texts, [name]: target.value })}
            />
          </p>
        ))}
        <p>
          <button type="submit" disabled={!isSpan}>
            Show
          </button>
          <button
            type="button"
            className="quiet"
            disabled={!from}
            onClick={() => {
              show({ from: undefined, until: undefined });
              close();
            }}
          >
            Any time
          </button>
        </p>
      </form>
    </details>
  );
}

/** In the input's format: local time without a zone, to the minute. */
function toLocal(instant: string | undefined): string {
  if (!instant) return '';
  const date = new Date(instant);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
