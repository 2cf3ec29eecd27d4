import { type FocusEvent, type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import type { EventList } from './create-event-list.ts';

interface ReadingOptions {
  /** What scrolls. */
  frame: RefObject<HTMLElement | null>;
  list: EventList | undefined;
  rowPx: number;
  isHeld: boolean;
  /** Whether the list is in view, and not behind a page that was opened from it. */
  isShown: boolean;
}

/**
 * Holds a list while somebody reads in it, by scrolling or by stepping from row to row: what one reads
 * must not run away, and who has opened an event comes back to where they were.
 */
export function useReading({ frame, list, rowPx, isHeld, isShown }: ReadingOptions) {
  /** How far it was scrolled, in pixels, when it was last seen: hidden, it cannot be asked. */
  const top = useRef(0);
  /** The row that has the focus by keyboard, by its index. */
  const row = useRef<number>(undefined);

  // biome-ignore lint/correctness/useExhaustiveDependencies: in another list nobody has read yet
  useEffect(() => {
    top.current = 0;
    row.current = undefined;
  }, [list]);
  useEffect(() => {
    if (isShown && !isHeld && frame.current) frame.current.scrollTop = 0;
  }, [frame, isHeld, isShown]);
  useLayoutEffect(() => {
    // The browser puts it back to where it was and tells nobody, so nobody would draw what is there.
    if (isShown) frame.current?.dispatchEvent(new Event('scroll'));
  }, [frame, isShown]);
  useEffect(() => {
    if (isShown && row.current !== undefined) focusRow(frame.current, row.current);
  }, [frame, isShown]);

  const isHidden = () => frame.current?.clientHeight === 0;
  const isAtTop = () => top.current <= rowPx / 2;
  return {
    onScroll(): void {
      if (isHidden()) return;
      top.current = frame.current?.scrollTop ?? 0;
      if (!isAtTop()) list?.hold('reading');
      else if (row.current === undefined && !rowOf(document.activeElement))
        list?.release('reading');
    },
    onFocus({ target }: FocusEvent): void {
      const focused = rowOf(target);
      const isByKeyboard = focused !== undefined && target.matches(':focus-visible');
      row.current = isByKeyboard ? Number(focused.dataset.index) : undefined;
      if (focused) list?.hold('reading');
    },
    onBlur({ relatedTarget: next }: FocusEvent): void {
      if (!next || rowOf(next)) return;
      if (isHidden() && row.current !== undefined) return;
      row.current = undefined;
      if (isAtTop()) list?.release('reading');
    },
  };
}

/** The row may not be drawn yet; it is when the browser has scrolled. */
export function focusRow(frame: HTMLElement | null, index: number, tries = 10): void {
  const link = frame?.querySelector<HTMLElement>(`[data-index="${index}"] a`);
  if (link) link.focus({ preventScroll: true });
  else if (tries > 0) requestAnimationFrame(() => focusRow(frame, index, tries - 1));
}

function rowOf(element: Element | null): HTMLElement | undefined {
  return element?.closest<HTMLElement>('[data-index]') ?? undefined;
}
