import { channel } from 'node:diagnostics_channel';

/**
 * What a part of the process reports for logs, metrics and traces, which need not be passed to it.
 * The channel is one for the process; without a subscriber a message costs nothing.
 */
export interface Telemetry<Message> {
  publish(message: Message): void;
  /** Calls the listener with each message, until the returned function is called. */
  subscribe(listener: (message: Message) => void): () => void;
}

/** Creates the channel `eventline:<name>` of `node:diagnostics_channel`. */
export function createTelemetry<Message>(name: string): Telemetry<Message> {
  const messages = channel(`eventline:${name}`);
  return {
    publish: (message) => messages.publish(message),
    subscribe(listener) {
      const onMessage = (message: unknown) => listener(message as Message);
      messages.subscribe(onMessage);
      return () => void messages.unsubscribe(onMessage);
    },
  };
}
