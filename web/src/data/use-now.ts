import { useEffect, useState } from 'react';
import type { Session } from '../session/create-session.ts';

const SECOND_MS = 1_000;

/**
 * Returns the server's time in milliseconds since 1970, since the browser's clock may be wrong. It
 * changes each second: all parts of the page tick together.
 */
export function useNow(session: Session): number {
  const [now, setNow] = useState(session.now);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const tick = () => {
      setNow(session.now());
      timer = setTimeout(tick, SECOND_MS - (Date.now() % SECOND_MS));
    };
    timer = setTimeout(tick, SECOND_MS - (Date.now() % SECOND_MS));
    return () => clearTimeout(timer);
  }, [session]);
  return now;
}
