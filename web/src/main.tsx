import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { tabStore } from './data/browser-storage.ts';
import { forgetRecentWithBearer } from './search/recent.ts';
import { createSession } from './session/create-session.ts';
import { keepSignedIn } from './session/keep-signed-in.ts';
import { readSettings } from './session/read-settings.ts';
import { restoreAddress } from './session/return-address.ts';
import { ensureValidLanguage } from './words/ensure-valid-language.ts';
import './styles/colours.css';
import './styles/page.css';
import './styles/menus.css';
import './styles/shell.css';
import './styles/stream.css';
import './styles/chart.css';
import './styles/details.css';

ensureValidLanguage();
const { token, graphiql, signIn, hasDevelopmentTokens } = readSettings();
restoreAddress();
const endpoint = new URL('graphql', new URL('.', location.href)).href;
const session = createSession(endpoint, token, tabStore);
forgetRecentWithBearer(session);
if (signIn) keepSignedIn(session, signIn);
const root = document.querySelector('#root');
if (root) {
  createRoot(root).render(
    <App
      {...{ session, graphiql, signIn }}
      offered={token}
      hasDevelopmentTokens={hasDevelopmentTokens ?? false}
    />,
  );
}
