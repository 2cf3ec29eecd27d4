import { type FocusEvent, type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import type { EventList } from './create-event-list.ts';

interface ReadingOptions {
  /** The scrolling element. */
  frame: RefObject<HTMLElement | null>;
  list: EventList | undefined;
  rowPx: number;
  isHeld: boolean;
  /** Whether the list is visible and not behind another view. */
  isShown: boolean;
}

/**
 * Pauses a list while the user reads in it, by scrolling or by moving from row to row, so that rows
 * do not move. After opening an event the user returns to the same row.
 */
export function useReading({ frame, list, rowPx, isHeld, isShown }: ReadingOptions) {
  /** Last visible scroll offset in pixels: a hidden element reports none. */
  const top = useRef(0);
  /** Index of the focused row. */
  const row = useRef<number>(undefined);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another list starts unread
  useEffect(() => {
    top.current = 0;
    row.current = undefined;
  }, [list]);
  useEffect(() => {
    if (isShown && !isHeld && frame.current) frame.current.scrollTop = 0;
  }, [frame, isHeld, isShown]);
  useLayoutEffect(() => {
    // The browser restores the offset without an event, so the rows would not be rendered.
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

/** The row may be rendered only after the browser has scrolled. */
export function focusRow(frame: HTMLElement | null, index: number, tries = 10): void {
  const link = frame?.querySelector<HTMLElement>(`[data-index="${index}"] .type a`);
  if (link) link.focus({ preventScroll: true });
  else if (tries > 0) requestAnimationFrame(() => focusRow(frame, index, tries - 1));
}

function rowOf(element: Element | null): HTMLElement | undefined {
  return element?.closest<HTMLElement>('[data-index]') ?? undefined;
}
