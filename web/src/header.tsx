import { useSyncExternalStore } from 'react';
import { everything, formatView } from './address/view.ts';
import mark from './mark.svg';
import type { Session } from './session/create-session.ts';
import { clockTime } from './words/times.ts';

interface HeaderProps {
  session: Session;
  graphiql: string | undefined;
}

/** Name, navigation, and sign-in state. */
export function Header({ session, graphiql }: HeaderProps) {
  const { token, claims } = useSyncExternalStore(session.subscribe, session.current);
  const viewerName = claims?.user ? `user ${claims.user}` : (claims?.scopes.join(' ') ?? '');
  const until = claims?.expiresAt;
  return (
    <header className="top">
      <h1>
        <a href={formatView({ page: 'stream', list: everything })}>
          <img src={mark} alt="" width="24" height="24" /> Eventline
        </a>
      </h1>
      <nav aria-label="Elsewhere">{graphiql && <a href={graphiql}>GraphiQL</a>}</nav>
      {token !== undefined && (
        <p className="who">
          <span title={`The token's bearer${until ? `, until ${until.toLocaleString()}` : ''}`}>
            {viewerName || 'signed in'}
            {until && <span className="muted"> until {clockTime(until)}</span>}
          </span>
          <button type="button" className="quiet" onClick={session.signOut}>
            Sign out
          </button>
        </p>
      )}
    </header>
  );
}
