import { createResumingSocket } from '@eventline/client/graphql-ws';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Provider } from 'urql';
import { ConnectionState } from '../frontend/connection-state.tsx';
import { fetchToken } from '../frontend/token.ts';
import { createUrqlClient } from './create-client.ts';
import { LiveEvents } from './live-events.tsx';

const url = new URL('/graphql', location.href).href;
const socket = createResumingSocket({ url, token: fetchToken });
const client = createUrqlClient(url, socket);

createRoot(document.querySelector('#root') as Element).render(
  <StrictMode>
    <Provider value={client}>
      <ConnectionState socket={socket} />
      <LiveEvents />
    </Provider>
  </StrictMode>,
);
