import type { Client } from 'graphql-ws';
import { useEffect, useState } from 'react';

/** Shows the state of the live connection. */
export function ConnectionState({ socket }: { socket: Client }) {
  const [state, setState] = useState('connecting');
  useEffect(() => {
    const unsubscribe = [
      socket.on('connected', () => setState('live')),
      socket.on('closed', () => setState('reconnecting')),
    ];
    return () => {
      for (const each of unsubscribe) each();
    };
  }, [socket]);
  return <p role="status">{state}</p>;
}
