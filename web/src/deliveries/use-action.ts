import { useState } from 'react';
import { ask } from '../data/ask.ts';
import type { TypedDocumentString } from '../generated/graphql.ts';
import type { Session } from '../session/create-session.ts';

/** Runs a mutation on demand; a repeated one has no further effect. */
export function useAction<Result, Variables extends Record<string, unknown>>(
  session: Session,
  document: TypedDocumentString<Result, Variables>,
) {
  const [state, setState] = useState<{ isRunning: boolean; data?: Result; fault?: string }>({
    isRunning: false,
  });

  async function run(variables: Variables, done: () => void): Promise<void> {
    setState({ isRunning: true });
    try {
      const { signal } = new AbortController();
      const { data, errors } = await ask(session, document, variables, { signal });
      const fault = errors[0]?.message;
      setState({ isRunning: false, data, ...(fault !== undefined && { fault }) });
      done();
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      setState({ isRunning: false, fault });
    }
  }

  return { ...state, run: (variables: Variables, done: () => void) => void run(variables, done) };
}
