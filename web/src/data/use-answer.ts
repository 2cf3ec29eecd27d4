import { useEffect, useState } from 'react';
import type { TypedDocumentString } from '../generated/graphql.ts';
import type { Session } from '../session/create-session.ts';
import { type Answer, ask } from './ask.ts';
import type { StreamState } from './stream-state.ts';

export type Asked<Result> = { answer: Answer<Result> } | { answer: undefined; state: StreamState };

/** The answer to a question by an id, and until it is there, what keeps it. */
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
      // It has said what it was by `onState`.
      .catch(() => undefined);
    return () => stop.abort();
  }, [session, document, id]);
  return asked;
}
