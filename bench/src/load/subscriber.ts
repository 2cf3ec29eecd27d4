import { randomBytes } from 'node:crypto';
import { GRAPHQL_PATH, OPERATION_ID, type Variables } from '../contract.ts';
import { type OpenSocket, openSocket } from './open-socket.ts';
import { CLOSE, createFrameReader, PING, TEXT, toMaskedFrame } from './read-frames.ts';

const PONG = 10;

export interface SubscriberOptions {
  port: number;
  /** Sent in `connection_init`; contestants without authentication ignore it. */
  token: string;
  operation: string;
  /** One operation per entry, all on one socket. */
  variables: readonly Variables[];
}

/** Receives each message of a subscriber; the buffer is reused afterwards. */
export type OnText = (bytes: Buffer, start: number, end: number) => void;

export interface Subscriber {
  /** Sends the operations. */
  subscribe(): void;
  onText: OnText;
  onFault: (fault: Error) => void;
  close(): void;
}

/** Connects a client of `graphql-transport-ws`; `subscribe` sends its operations. */
export async function openSubscriber(options: SubscriberOptions): Promise<Subscriber> {
  const opened = await openSocket(options.port);
  const subscriber: Subscriber = {
    subscribe() {
      const { operation: query } = options;
      options.variables.forEach((variables, index) => {
        const id = String(Number(OPERATION_ID) + index);
        send({ id, type: 'subscribe', payload: { query, variables } });
      });
    },
    onText: () => undefined,
    onFault: () => undefined,
    close: opened.close,
  };
  const text = createTextQueue();
  opened.onEnd = (reason) => {
    text.fail(reason);
    subscriber.onFault(reason);
  };
  await upgrade(opened, options.port);

  let isLive = false;
  opened.onBytes = createFrameReader((opcode, bytes, start, end) => {
    if (opcode === TEXT) {
      if (isLive) subscriber.onText(bytes, start, end);
      else text.push(bytes.toString('utf8', start, end));
    } else if (opcode === PING) {
      opened.socket.write(toMaskedFrame(PONG, Buffer.from(bytes.subarray(start, end))));
    } else if (opcode === CLOSE) {
      const reason = new Error(`closed: ${bytes.toString('latin1', start, end)}`);
      text.fail(reason);
      subscriber.onFault(reason);
    }
  });
  const send = (message: object) =>
    opened.socket.write(toMaskedFrame(TEXT, Buffer.from(JSON.stringify(message))));

  send({ type: 'connection_init', payload: { Authorization: `Bearer ${options.token}` } });
  expectType(await text.next(), 'connection_ack');
  isLive = true;
  return subscriber;
}

async function upgrade(opened: OpenSocket, port: number): Promise<void> {
  let head = '';
  const answered = new Promise<void>((resolve, reject) => {
    opened.onBytes = (bytes) => {
      head += bytes.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      if (head.startsWith('HTTP/1.1 101')) resolve();
      else reject(new Error(`no WebSocket upgrade: ${head}`));
    };
  });
  opened.socket.write(
    `GET ${GRAPHQL_PATH} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\n` +
      `Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n` +
      'Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
  );
  await answered;
}

function expectType(text: string, type: string): void {
  const message = JSON.parse(text);
  if (message.type !== type) throw new Error(`expected ${type}, got ${text}`);
}

/** Queue of the messages before the operations start. */
function createTextQueue() {
  const texts: string[] = [];
  let wake = () => {};
  let fault: Error | undefined;
  return {
    push(text: string) {
      texts.push(text);
      wake();
    },
    fail(reason: Error) {
      fault = reason;
      wake();
    },
    async next(): Promise<string> {
      for (;;) {
        const text = texts.shift();
        if (text !== undefined) return text;
        if (fault) throw fault;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
