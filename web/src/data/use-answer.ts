import { useCallback, useEffect, useState } from 'react';
import type { TypedDocumentString } from '../generated/graphql.ts';
import type { Session } from '../session/create-session.ts';
import { type Answer, ask } from './ask.ts';
import type { StreamState } from './stream-state.ts';

export type Asked<Result> = {
  /** Asks again, with the answer so far until there is another. */
  again: () => void;
} & ({ answer: Answer<Result> } | { answer: undefined; state: StreamState });

type Known<Result> = { key: string } & (
  | { answer: Answer<Result> }
  | { answer: undefined; state: StreamState }
);

/**
 * Returns the answer to a query, or the state until it arrives.
 *
 * @param variables undefined: the query is not asked, and the state is loading
 * @param revision another number asks again, with the answer so far until there is another
 */
export function useAnswer<Result, Variables extends Record<string, unknown>>(
  session: Session,
  document: TypedDocumentString<Result, Variables>,
  variables: Variables | undefined,
  revision: number = 0,
): Asked<Result> {
  const key = JSON.stringify(variables);
  const [known, setKnown] = useState<Known<Result>>();
  const [asks, setAsks] = useState(0);
  const again = useCallback(() => setAsks((count) => count + 1), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again for another revision
  useEffect(() => {
    if (key === undefined) return;
    const stop = new AbortController();
    const onState = (state: StreamState) =>
      setKnown((before) =>
        before?.key === key && before.answer ? before : { key, answer: undefined, state },
      );
    ask(session, document, JSON.parse(key) as Variables, { signal: stop.signal, onState })
      .then((answer) => setKnown({ key, answer }))
      // `onState` has reported the error.
      .catch(() => undefined);
    return () => stop.abort();
  }, [session, document, key, revision, asks]);
  if (known && known.key === key) return { ...known, again };
  return { answer: undefined, state: { status: 'loading' }, again };
}
