import { signToken } from '../../src/auth/sign-token.ts';
import { JWT_SECRET } from '../utils/server.ts';

/** `whole`: the whole event. `reduced`: the event without personal values. */
export type Shown = 'whole' | 'reduced';

/** Owners of the events in the log; null for events without a user. */
export const owners = ['own', 'other', null] as const;

/** Accepted viewers: their claims, and what each is shown of each owner's events. */
export const viewers: Readonly<
  Record<
    string,
    { claims: { sub?: string; scope?: string }; sees: Readonly<Record<string, Shown>> }
  >
> = {
  'the user': { claims: { sub: 'own' }, sees: { own: 'whole' } },
  'another user': { claims: { sub: 'other' }, sees: { other: 'whole' } },
  'the user with pii:read': { claims: { sub: 'own', scope: 'pii:read' }, sees: { own: 'whole' } },
  'a user of no events': { claims: { sub: 'third', scope: 'events:admin' }, sees: {} },
  'a user called null': { claims: { sub: 'null' }, sees: {} },
  'a reader of all': {
    claims: { scope: 'events:read' },
    sees: { own: 'reduced', other: 'reduced', null: 'reduced' },
  },
  'a reader of all who is a user': {
    claims: { sub: 'own', scope: 'events:read' },
    sees: { own: 'whole', other: 'reduced', null: 'reduced' },
  },
  'a reader of all with pii:read': {
    claims: { scope: 'events:read pii:read' },
    sees: { own: 'whole', other: 'whole', null: 'whole' },
  },
};

const sign = (claims: { sub?: string; scope?: string }, expires = '2h') =>
  signToken(JWT_SECRET, { user: claims.sub, scope: claims.scope }, expires);

/** Returns the token of a viewer. */
export const tokenOf = (name: string) => sign(viewers[name]?.claims ?? {});

/** Refused viewers: their token and the error code. */
export const strangers: Readonly<Record<string, { token: () => Promise<string>; code: string }>> = {
  'no user and no scope': { token: () => sign({}), code: 'FORBIDDEN' },
  'events:admin alone': { token: () => sign({ scope: 'events:admin' }), code: 'FORBIDDEN' },
  'pii:read alone': { token: () => sign({ scope: 'pii:read' }), code: 'FORBIDDEN' },
  'scopes misspelt': {
    token: () => sign({ scope: 'events:Read event:read events:read,pii:read events.read *' }),
    code: 'FORBIDDEN',
  },
  'an expired token': {
    token: () => sign({ scope: 'events:read' }, '10 seconds ago'),
    code: 'UNAUTHENTICATED',
  },
  'no token': { token: async () => '', code: 'UNAUTHENTICATED' },
};
