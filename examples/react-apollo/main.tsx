import { ApolloProvider } from '@apollo/client/react';
import { createResumingSocket } from '@eventline/client/graphql-ws';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ConnectionState } from '../frontend/connection-state.tsx';
import { fetchToken } from '../frontend/token.ts';
import { createApolloClient } from './create-client.ts';
import { LiveEvents } from './live-events.tsx';

const url = new URL('/graphql', location.href).href;
const socket = createResumingSocket({ url, token: fetchToken });
const client = createApolloClient(url, socket);

createRoot(document.querySelector('#root') as Element).render(
  <StrictMode>
    <ApolloProvider client={client}>
      <ConnectionState socket={socket} />
      <LiveEvents />
    </ApolloProvider>
  </StrictMode>,
);
