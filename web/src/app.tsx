import { useEffect, useRef, useSyncExternalStore } from 'react';
import { useView } from './address/use-view.ts';
import { everything, isUuid, type View } from './address/view.ts';
import { DeliveriesPage } from './deliveries/deliveries-page.tsx';
import type { Session } from './session/create-session.ts';
import { SignIn } from './session/sign-in.tsx';
import { Header } from './shell/header.tsx';
import { HealthLine } from './shell/health-line.tsx';
import { HealthPage } from './shell/health-page.tsx';
import { StreamPage } from './stream/stream-page.tsx';
import { InstallationPage } from './subject/installation-page.tsx';
import { MessagePage } from './subject/message-page.tsx';
import { NotAnId } from './subject/subject-page.tsx';
import { UserPage } from './subject/user-page.tsx';

interface AppProps {
  session: Session;
  /** URL of GraphiQL, if it is served. */
  graphiql: string | undefined;
  /** URL where people sign in, if there is a provider. */
  signIn: string | undefined;
  /** A development token to fill in. */
  offered: string | undefined;
  /** Whether the server makes development tokens. */
  hasDevelopmentTokens: boolean;
}

/** The page: sign-in state and the view of the address. */
export function App({ session, graphiql, ...signInProps }: AppProps) {
  const { token, refusal, bearer } = useSyncExternalStore(session.subscribe, session.current);
  const view = useView();
  const behind = useViewBehind(view);
  useTitle(view);
  const isSignedIn = token !== undefined;
  return (
    <>
      <Header key={`header ${bearer}`} session={session} graphiql={graphiql} page={behind.page} />
      {isSignedIn ? (
        refusal !== undefined && <SignIn session={session} {...signInProps} />
      ) : (
        <main>
          <SignIn session={session} {...signInProps} />
        </main>
      )}
      {/* Another bearer gets new components, so that nothing of the previous one remains visible. */}
      {isSignedIn && (
        <Views
          key={bearer}
          session={session}
          graphiql={graphiql}
          behind={behind}
          openId={view.page === 'event' ? view.id : undefined}
          isDevelopment={signInProps.offered !== undefined}
        />
      )}
    </>
  );
}

type ViewBehind = Exclude<View, { page: 'event' }>;

/** Returns the page that is shown: an event opens in a drawer of the one that was shown before. */
function useViewBehind(view: View): ViewBehind {
  const behind = useRef<ViewBehind>({ page: 'stream', list: everything });
  if (view.page !== 'event') behind.current = view;
  return behind.current;
}

interface ViewsProps {
  session: Session;
  graphiql: string | undefined;
  behind: ViewBehind;
  /** The event in the drawer, if it is open. */
  openId: string | undefined;
  isDevelopment: boolean;
}

/** The stream stays mounted behind other views, so that its position is kept. */
function Views({ session, graphiql, behind: page, openId, isDevelopment }: ViewsProps) {
  const list = useRef(everything);
  if (page.page === 'stream') list.current = page.list;
  const isStream = page.page === 'stream';
  const given = { session, graphiql, openId };
  const isWrong = (page.page === 'installation' || page.page === 'message') && !isUuid(page.id);
  return (
    <>
      <HealthLine session={session} />
      <div className="view" hidden={!isStream}>
        <StreamPage
          {...given}
          list={list.current}
          isShown={isStream}
          isDevelopment={isDevelopment}
        />
      </div>
      {page.page === 'user' && <UserPage key={page.id} {...given} id={page.id} />}
      {page.page === 'installation' && !isWrong && (
        <InstallationPage key={page.id} {...given} id={page.id} />
      )}
      {page.page === 'message' && !isWrong && <MessagePage key={page.id} {...given} id={page.id} />}
      {isWrong && <NotAnId key={page.id} page={page.page} id={page.id} />}
      {page.page === 'deliveries' && (
        <DeliveriesPage session={session} openId={openId} graphiql={graphiql} />
      )}
      {page.page === 'health' && <HealthPage session={session} />}
    </>
  );
}

const titles: Record<View['page'], string> = {
  stream: 'Eventline',
  user: 'User · Eventline',
  installation: 'Installation · Eventline',
  message: 'Message · Eventline',
  event: 'Event · Eventline',
  deliveries: 'Deliveries · Eventline',
  health: 'Health · Eventline',
};

function useTitle({ page }: View): void {
  useEffect(() => {
    document.title = titles[page];
  }, [page]);
}
