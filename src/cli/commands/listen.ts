import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../../config/config.ts';
import { toSchemeSecret } from '../../config/webhook-scheme.ts';
import { listen as listenOn } from '../../server/http/listen.ts';
import { createSignatureScheme } from '../../webhook/signature-scheme.ts';
import { CommandError } from '../command-error.ts';
import { ensureDevelopmentSecrets } from '../development-secrets.ts';
import { jsonLine, line, type Terminal } from '../terminal.ts';
import { type ListenOutcome, receiveDelivery } from './listen/receive-delivery.ts';

/** Deliveries are taken from this machine only; a tunnel runs on it, too. */
const HOST = '127.0.0.1';
/** Characters of an answer that are shown. */
const SHOWN = 200;

export interface ListenOptions {
  forwardTo: string;
  port: number;
  secret?: string;
  json?: boolean;
}

/**
 * Receives deliveries until interrupted, verifies them, forwards them unchanged to a program, and
 * shows its answers.
 */
export async function listen(terminal: Terminal, options: ListenOptions): Promise<void> {
  const config = terminal.config();
  const target = toTarget(options.forwardTo);
  const secrets = options.secret === undefined ? await findSecrets(config) : [options.secret];
  const receiving = {
    scheme: schemeOf(secrets, config),
    maxBytes: config.webhookMaxBytes,
    ...{ target, signal: terminal.signal },
  };
  const server = createServer(async (request, response) => {
    const outcome = await receiveDelivery(request, response, receiving);
    const entry = { time: new Date().toISOString(), ...outcome };
    if (options.json) jsonLine(terminal.out, entry);
    else line(terminal.out, describe(entry));
  });
  await open(() => listenOn(server, HOST, options.port), options.port);
  const { port } = server.address() as AddressInfo;
  line(
    terminal.err,
    `Receiving deliveries at http://${HOST}:${port}/webhooks/events, forwarding to ${target.href}; Ctrl-C ends it.`,
  );
  if (!terminal.signal.aborted) await once(terminal.signal, 'abort');
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  await closed;
}

function toTarget(text: string): URL {
  const address = /^https?:\/\//.test(text) ? text : `http://${text}`;
  if (URL.canParse(address)) {
    const url = new URL(address);
    if (url.username === '' && url.password === '') return url;
    throw new CommandError('--forward-to: leave out the user and the password');
  }
  throw new CommandError('--forward-to: expected something like http://localhost:3000/events');
}

/** The configured secrets, or the development secret, which `send` and `simulate` use as well. */
async function findSecrets({ webhookSecrets, webhookScheme, dataDir }: Config) {
  if (webhookSecrets) return webhookSecrets;
  const { webhookSecret } = await ensureDevelopmentSecrets(dataDir);
  return [toSchemeSecret(webhookScheme, webhookSecret)];
}

function schemeOf(secrets: readonly string[], { webhookScheme }: Config) {
  try {
    return createSignatureScheme(secrets, webhookScheme);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CommandError(`--secret: ${error.message}`);
  }
}

/** @throws CommandError if the port cannot be used */
async function open(listening: () => Promise<void>, port: number): Promise<void> {
  await listening().catch(({ code }: NodeJS.ErrnoException) => {
    throw new CommandError(`Cannot listen on ${HOST}:${port} (${code}). Give another --port.`);
  });
}

function describe({
  time,
  type,
  status,
  tookMs,
  forwarded,
  answer,
}: ListenOutcome & { time: string }) {
  const outcome = forwarded ? `${status} in ${tookMs} ms` : `${status} not forwarded`;
  return [time.slice(11, 23), (type ?? '-').padEnd(22), outcome, answer]
    .map(printable)
    .join('  ')
    .trimEnd();
}

/** Replaces line ends and terminal control characters, and shortens long texts. */
function printable(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');
  return plain.length > SHOWN ? `${plain.slice(0, SHOWN)}…` : plain;
}
