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
  /** Where GraphiQL is, if it is served. */
  graphiql: string | undefined;
  /** A development token, to fill in. */
  offered: string | undefined;
}

/** The page: who is signed in, and the view that the address names. */
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
      {/* What one bearer was shown goes with them. */}
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

/** The stream goes on behind the other views, so that who comes back is where they were. */
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
