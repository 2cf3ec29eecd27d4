import type { Client } from 'graphql-ws';
import { useEffect, useState } from 'react';

/** Whether events come now, in words. */
export function ConnectionState({ socket }: { socket: Client }) {
  const [state, setState] = useState('connecting');
  useEffect(() => {
    const forget = [
      socket.on('connected', () => setState('live')),
      socket.on('closed', () => setState('connecting again')),
    ];
    return () => {
      for (const each of forget) each();
    };
  }, [socket]);
  return <p role="status">{state}</p>;
}
