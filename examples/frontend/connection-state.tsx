import type { Client } from 'graphql-ws';
import { useEffect, useState } from 'react';

/** Shows the state of the live connection. */
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
