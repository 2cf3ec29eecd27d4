import { useEffect, useRef } from 'react';

/** Focuses a view's heading when it opens, so that screen readers announce it. */
export function useHeadingFocus() {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return heading;
}
