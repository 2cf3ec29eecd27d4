import { type MouseEvent, type PointerEvent, useRef } from 'react';

/** A pointer that moved farther, in pixels, meant another place. */
const MOST_MOVED_PX = 4;

/**
 * Follows the link on which the pointer was pressed, also if the rows have moved before it was
 * released: the browser then reports a click on their common parent, and none on the link.
 */
export function useSteadyClick() {
  const pressed = useRef<{ href: string; x: number; y: number }>(undefined);
  return {
    onPointerDown({ target, button, clientX: x, clientY: y }: PointerEvent): void {
      const href = (target as Element).closest('a')?.getAttribute('href');
      pressed.current = href && button === 0 ? { href, x, y } : undefined;
    },
    onClick({ target, clientX, clientY, ctrlKey, metaKey, shiftKey }: MouseEvent): void {
      const { href, x, y } = pressed.current ?? {};
      pressed.current = undefined;
      if (href === undefined || x === undefined || y === undefined) return;
      if (ctrlKey || metaKey || shiftKey || (target as Element).closest('a')) return;
      if (Math.hypot(clientX - x, clientY - y) <= MOST_MOVED_PX) location.hash = href;
    },
  };
}
