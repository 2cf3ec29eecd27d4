import type { Viewer } from '../../auth/viewer.ts';
import type { GraphqlContext } from '../../schema/context.ts';
import type { FrameTarget } from '../websocket/create-frame-sink.ts';
import type { HeldOperation } from '../websocket/held-operation.ts';

/** What the server adds to a request before the GraphQL context is made. */
export interface RequestContext {
  requestId: string;
  /** Set by Yoga over HTTP and SSE. */
  request?: Request;
  /** Set where the token was checked before: over WebSocket, once per connection. */
  viewer?: Viewer;
  /** Set where several subscriptions share a connection. */
  budget?: GraphqlContext['budget'];
  /** Set over HTTP: calls back when the answer was sent, or its client has gone. */
  onClosed?: (listener: () => void) => void;
  /** Set over HTTP: ends the connection of a client that does not read its answer. */
  cutOff?: () => void;
  /** Set over HTTP: called when an execution begins; returns what to call at its end. */
  onExecution?: () => () => void;
  /** Set over HTTP: the operation is a subscription, so it no longer counts as a query. */
  isNoQuery?: () => void;
  /** Memory that the operation holds until its answer is sent. */
  memory?: GraphqlContext['memory'];
  /** Set over WebSocket: what the operation holds. */
  operation?: Pick<HeldOperation, 'end'>;
  /** Set over WebSocket: where shared results are written directly. */
  frames?: FrameTarget | undefined;
}
