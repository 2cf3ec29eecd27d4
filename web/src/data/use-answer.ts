import { useEffect, useState } from 'react';
import type { TypedDocumentString } from '../generated/graphql.ts';
import type { Session } from '../session/create-session.ts';
import { type Answer, ask } from './ask.ts';
import type { StreamState } from './stream-state.ts';

export type Asked<Result> = { answer: Answer<Result> } | { answer: undefined; state: StreamState };

/** Returns the answer to a query by id, or the state until it arrives. */
export function useAnswer<Result>(
  session: Session,
  document: TypedDocumentString<Result, { id: string }>,
  id: string,
): Asked<Result> {
  const [asked, setAsked] = useState<Asked<Result>>({
    answer: undefined,
    state: { status: 'loading' },
  });
  useEffect(() => {
    const stop = new AbortController();
    const onState = (state: StreamState) => setAsked({ answer: undefined, state });
    ask(session, document, { id }, { signal: stop.signal, onState })
      .then((answer) => setAsked({ answer }))
      // `onState` has reported the error.
      .catch(() => undefined);
    return () => stop.abort();
  }, [session, document, id]);
  return asked;
}
