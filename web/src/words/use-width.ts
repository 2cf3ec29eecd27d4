import { useCallback, useState } from 'react';

/** Observes the width of an element, in whole pixels. */
export function useWidth(initial = 600): {
  place: (element: HTMLElement | null) => void;
  width: number;
} {
  const [width, setWidth] = useState(initial);
  const place = useCallback((element: HTMLElement | null) => {
    if (!element) return;
    const resizes = new ResizeObserver(([entry]) => {
      const found = Math.floor(entry?.contentRect.width ?? 0);
      // A hidden element has no width.
      if (found > 0) setWidth(found);
    });
    resizes.observe(element);
    return () => resizes.disconnect();
  }, []);
  return { place, width };
}
