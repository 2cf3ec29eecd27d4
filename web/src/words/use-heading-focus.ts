import { useEffect, useRef } from 'react';

/** Brings the focus to a page's heading when it opens, so that a screen reader says where one is. */
export function useHeadingFocus() {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return heading;
}
