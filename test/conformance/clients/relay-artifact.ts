import type { ConcreteRequest } from 'relay-runtime';
import { FOLLOW } from './follower.ts';

const scalar = (name: string) =>
  ({ alias: null, args: null, kind: 'ScalarField', name, storageKey: null }) as const;
const on = (type: string, name: string) =>
  ({ kind: 'InlineFragment', selections: [scalar(name)], type, abstractKey: null }) as const;

const argumentDefinitions = [
  { defaultValue: null, kind: 'LocalArgument', name: 'after' } as const,
] as const;
const selections = [
  {
    alias: null,
    args: [{ kind: 'Variable', name: 'after', variableName: 'after' }],
    concreteType: null,
    kind: 'LinkedField',
    name: 'events',
    plural: false,
    selections: [
      ...['__typename', 'id', 'cursor', 'userId', 'payload'].map(scalar),
      on('MalformedEvent', 'faults'),
      on('UserFirstLoggedIn', 'email'),
    ],
    storageKey: null,
  } as const,
];

/** What Relay's compiler makes of the subscription. */
export const FOLLOW_ARTIFACT: ConcreteRequest = {
  fragment: {
    argumentDefinitions,
    kind: 'Fragment',
    metadata: null,
    name: 'Follow',
    selections,
    type: 'Subscription',
    abstractKey: null,
  } as ConcreteRequest['fragment'],
  kind: 'Request',
  operation: { argumentDefinitions, kind: 'Operation', name: 'Follow', selections },
  params: {
    cacheID: 'follow',
    id: null,
    metadata: {},
    name: 'Follow',
    operationKind: 'subscription',
    text: FOLLOW,
  },
};
