import { createEventsClient } from '@eventline/client';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { fetchToken } from '../frontend/token.ts';
import { LiveEvents } from './live-events.tsx';

const client = createEventsClient({ url: '/graphql', token: fetchToken });

createRoot(document.querySelector('#root') as Element).render(
  <StrictMode>
    <LiveEvents client={client} />
  </StrictMode>,
);
