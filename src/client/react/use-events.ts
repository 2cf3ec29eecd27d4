'use client';
import { useEffect, useMemo, useState } from 'react';
import type {
  EventsClient,
  EventsClientEvent,
  EventsClientState,
  SubscribeOptions,
} from '../create-events-client.ts';
import { CLOSED } from '../events-client-state.ts';

export interface UseEventsOptions<Event extends { cursor: string }>
  extends Omit<SubscribeOptions<Event>, 'onState' | 'signal'> {
  /** Maximum number of events kept, of which the oldest are dropped; 100 by default. */
  limit?: number | undefined;
}

export interface LiveEvents<Event> {
  /** The latest events, in log order. */
  readonly events: readonly Event[];
  readonly state: EventsClientState;
  /** The error that ended the subscription: one that a retry cannot fix. */
  readonly error: Error | undefined;
}

const NOTHING: LiveEvents<never> = { events: [], state: CLOSED, error: undefined };

/**
 * Subscribes while the component is mounted. Another client or options of another content start a
 * new subscription with an empty list; without `after` it starts now. Without a client, for example
 * before the user has signed in, there is no subscription.
 */
export function useEvents<Event extends { cursor: string } = EventsClientEvent>(
  client: EventsClient | undefined,
  { limit = 100, document, ...options }: UseEventsOptions<Event> = {},
): LiveEvents<Event> {
  // Components pass a new object at each rendering, so its content is compared.
  const content = JSON.stringify({ ...options, document: document?.toString() });
  const subscription = useMemo(() => ({ client, content, limit }), [client, content, limit]);
  const [live, setLive] = useState({ subscription, ...(NOTHING as LiveEvents<Event>) });

  useEffect(() => {
    const { client, content, limit } = subscription;
    const stop = new AbortController();
    const update = (change: (before: LiveEvents<Event>) => Partial<LiveEvents<Event>>) => {
      if (!stop.signal.aborted) setLive((before) => ({ ...before, ...change(before) }));
    };

    async function follow(from: EventsClient): Promise<void> {
      try {
        const events = from.subscribe<Event>({
          ...JSON.parse(content),
          signal: stop.signal,
          onState: (state) => update(() => ({ state })),
        });
        for await (const event of events) {
          update((before) => ({ events: [...before.events, event].slice(-limit) }));
        }
      } catch (error) {
        update(() => ({ error: error as Error }));
      }
    }

    setLive({ subscription, ...NOTHING });
    if (client) void follow(client);
    return () => stop.abort();
  }, [subscription]);

  // The events of the subscription before are not shown for the time of one rendering.
  const { events, state, error } = live.subscription === subscription ? live : NOTHING;
  return { events, state, error };
}
