import { useSyncExternalStore } from 'react';
import { everything, formatView, type View } from '../address/view.ts';
import mark from '../mark.svg';
import { SearchPalette } from '../search/search-palette.tsx';
import type { Session } from '../session/create-session.ts';
import { AccountMenu } from './account-menu.tsx';

interface HeaderProps {
  session: Session;
  graphiql: string | undefined;
  /** The page that is shown; an event is shown in a drawer of it. */
  page: View['page'];
}

/** Name, navigation, search, and the account. */
export function Header({ session, graphiql, page }: HeaderProps) {
  const { token, claims } = useSyncExternalStore(session.subscribe, session.current);
  const stream = formatView({ page: 'stream', list: everything });
  const isAdmin = claims?.scopes.includes('events:admin') ?? false;
  return (
    <header className="top">
      <h1>
        <a href={stream} aria-label="Eventline">
          <img src={mark} alt="" width="24" height="24" /> <span>Eventline</span>
        </a>
      </h1>
      {token !== undefined && (
        <nav aria-label="Pages">
          <a href={stream} aria-current={page === 'stream' ? 'page' : undefined}>
            Events
          </a>
          {isAdmin && (
            <a
              href={formatView({ page: 'deliveries' })}
              aria-current={page === 'deliveries' ? 'page' : undefined}
            >
              Deliveries
            </a>
          )}
        </nav>
      )}
      {token !== undefined && <SearchPalette session={session} />}
      <nav aria-label="Elsewhere">{graphiql && <a href={graphiql}>GraphiQL</a>}</nav>
      {token !== undefined && <AccountMenu session={session} claims={claims} />}
    </header>
  );
}
