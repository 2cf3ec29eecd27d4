import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useSyncExternalStore } from 'react';
import type { EventList, ListState } from './create-event-list.ts';
import { MAX_KEPT } from './event-buffer.ts';
import { EventRow } from './event-row.tsx';
import { focusRow, useReading } from './use-reading.ts';

const WIDE_ROW = 34;
const NARROW_ROW = 58;
/** Rows rendered beyond the visible ones, so that keyboard focus can move. */
const OVERSCAN = 6;
/** Number of remaining rows at which older events are loaded. */
const NEAR_END = 30;

interface EventRowsProps {
  list: EventList | undefined;
  shown: ListState;
  showsUser: boolean;
  /** Whether the list is visible and not behind another view. */
  isShown: boolean;
  /** Shown when the list is empty and nothing is loading. */
  whenEmpty: ReactNode;
}

const RESUME = 'New events are waiting. Resume to see them.';

/** The events, newest first; only visible rows are rendered. */
export function EventRows({ list, shown, showsUser, isShown, whenEmpty }: EventRowsProps) {
  const { events, pauseReasons, waiting, hasOlder, isLoadingOlder, state } = shown;
  const frame = useRef<HTMLDivElement>(null);
  const isNarrow = useNarrow();
  const rowPx = isNarrow ? NARROW_ROW : WIDE_ROW;
  const eventAt = (index: number) => events[events.length - 1 - index];
  const rows = useVirtualizer({
    count: events.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => eventAt(index)?.id ?? index,
    overscan: OVERSCAN,
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: the height of rows has changed
  useEffect(() => rows.measure(), [rowPx]);
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last > events.length - NEAR_END) list?.loadOlder();
  }, [list, last, events.length]);
  const isHeld = pauseReasons.size > 0;
  const reading = useReading({ frame, list, rowPx, isHeld, isShown });

  /** Arrow keys move between rows. */
  function onKeyDown(event: KeyboardEvent): void {
    const row = (event.target as Element).closest<HTMLElement>('[data-index]');
    const now = row ? Number(row.dataset.index) : -1;
    const page = Math.floor((frame.current?.clientHeight ?? 0) / rowPx);
    const steps: Record<string, number> = {
      ...{ ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: events.length - 1 },
      ...{ PageDown: now + page, PageUp: now - page },
    };
    const wanted = steps[event.key];
    if (wanted === undefined || events.length === 0) return;
    event.preventDefault();
    list?.hold('reading');
    const index = Math.min(Math.max(wanted, 0), events.length - 1);
    rows.scrollToIndex(index);
    focusRow(frame.current, index);
  }

  if (events.length === 0) {
    const isAll = state.status === 'live' && waiting === 0;
    return <div className="empty">{isAll ? whenEmpty : waiting > 0 && <p>{RESUME}</p>}</div>;
  }
  return (
    <section
      ref={frame}
      className="frame"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable, so focusable
      tabIndex={0}
      aria-label="Events, newest first"
      onKeyDown={onKeyDown}
      {...reading}
    >
      <ul className="rows" style={{ height: rows.getTotalSize() }}>
        {items.map(({ index, key, start, size }) => {
          const event = eventAt(index);
          if (!event) return null;
          return (
            <EventRow
              key={key}
              event={event}
              index={index}
              total={events.length}
              place={{ transform: `translateY(${start}px)`, height: size }}
              showsUser={showsUser}
            />
          );
        })}
      </ul>
      <p className="end muted">
        {isLoadingOlder || (hasOlder && events.length < MAX_KEPT)
          ? 'Loading older events …'
          : hasOlder
            ? `The page keeps the newest ${MAX_KEPT.toLocaleString()} events; the log has the older ones. Choose a span of time to see them.`
            : 'This is where it begins: the log has no older events that match.'}
      </p>
    </section>
  );
}

const NARROW = '(max-width: 640px)';

function useNarrow(): boolean {
  return useSyncExternalStore(watchWidth, () => matchMedia(NARROW).matches);
}

function watchWidth(listener: () => void): () => void {
  const query = matchMedia(NARROW);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}
