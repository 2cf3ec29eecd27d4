import { useEffect, useRef, useSyncExternalStore } from 'react';
import { useView } from './address/use-view.ts';
import { everything, type View } from './address/view.ts';
import { EventPage } from './event/event-page.tsx';
import { Header } from './header.tsx';
import type { Session } from './session/create-session.ts';
import { SignIn } from './session/sign-in.tsx';
import { StreamPage } from './stream/stream-page.tsx';
import { UserPage } from './user/user-page.tsx';

interface AppProps {
  session: Session;
  /** URL of GraphiQL, if it is served. */
  graphiql: string | undefined;
  /** A development token to fill in. */
  offered: string | undefined;
}

/** The page: sign-in state and the view of the address. */
export function App({ session, graphiql, offered }: AppProps) {
  const { token, refusal, bearer } = useSyncExternalStore(session.subscribe, session.current);
  const view = useView();
  useTitle(view);
  const isSignedIn = token !== undefined;
  return (
    <>
      <Header session={session} graphiql={graphiql} />
      {isSignedIn ? (
        refusal !== undefined && <SignIn session={session} offered={offered} />
      ) : (
        <main>
          <SignIn session={session} offered={offered} />
        </main>
      )}
      {/* Another bearer gets new components, so that nothing of the previous one remains visible. */}
      {isSignedIn && (
        <Views
          key={bearer}
          session={session}
          graphiql={graphiql}
          view={view}
          isDevelopment={offered !== undefined}
        />
      )}
    </>
  );
}

interface ViewsProps {
  session: Session;
  graphiql: string | undefined;
  view: View;
  isDevelopment: boolean;
}

/** The stream stays mounted behind other views, so that its position is kept. */
function Views({ session, graphiql, view, isDevelopment }: ViewsProps) {
  const list = useRef(everything);
  if (view.page === 'stream') list.current = view.list;
  return (
    <>
      <div className="view" hidden={view.page !== 'stream'}>
        <StreamPage
          session={session}
          list={list.current}
          isShown={view.page === 'stream'}
          isDevelopment={isDevelopment}
        />
      </div>
      {view.page === 'user' && <UserPage key={view.id} session={session} id={view.id} />}
      {view.page === 'event' && (
        <EventPage key={view.id} session={session} graphiql={graphiql} id={view.id} />
      )}
    </>
  );
}

function useTitle(view: View): void {
  const title =
    view.page === 'stream' ? 'Eventline' : `${view.page === 'user' ? 'User' : 'Event'} · Eventline`;
  useEffect(() => {
    document.title = title;
  }, [title]);
}
