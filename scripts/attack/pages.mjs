import { createHmac, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { post, toBody } from './deliveries.mjs';

export const JWT_SECRET = 'a-jwt-secret-for-the-measurement!';
const USER = 'large';
const EVENTS = 24;
const ALIASES = 15;

/** Payloads of almost 1 MiB. */
const shapes = {
  text: () => ({ text: 'x'.repeat(1_000_000) }),
  keys: () =>
    Object.fromEntries(Array.from({ length: 67_000 }, (_, index) => [index.toString(36), index])),
  lists: () => ({ list: Array.from({ length: 330_000 }, () => ({})) }),
};

export const SHAPES = Object.keys(shapes);

/** Stores large events of one user. */
export async function storeLarge(port, shape) {
  const agent = new Agent({ keepAlive: true });
  const installation_id = randomUUID();
  for (let count = 0; count < EVENTS; count += 1) {
    const payload = { ...shapes[shape](), installation_id, user_id: `${USER}-${shape}`, count };
    const status = await post(port, agent, toBody(payload));
    if (status !== 200) throw new Error(`a large delivery was answered ${status}`);
  }
  agent.destroy();
}

/** Sends queries of aliased pages of these events, `parallel` at a time, for ever. */
export function queryPages({ port, shape, parallel }) {
  const page = `events(filter: { userIds: ["${USER}-${shape}"] }) { edges { node { payload } } }`;
  const aliased = Array.from({ length: ALIASES }, (_, index) => `a${index}: ${page}`);
  const body = JSON.stringify({ query: `{ ${aliased.join(' ')} }` });
  const agent = new Agent({ keepAlive: true });
  let bytesRead = 0;
  process.on('message', () => process.send(bytesRead));
  const ask = () =>
    new Promise((resolve) => {
      const sent = request({
        ...{ port, agent, host: '127.0.0.1', method: 'POST', path: '/graphql' },
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token()}` },
      });
      sent.on('error', resolve);
      sent.on('response', (response) => {
        response.on('data', (chunk) => {
          bytesRead += chunk.length;
        });
        response.on('close', resolve);
      });
      sent.end(body);
    });
  const askAgain = () => void ask().then(askAgain);
  for (let index = 0; index < parallel; index += 1) askAgain();
}

/** A token of a tool that may not see personal values. */
function token() {
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { scope: 'events:read', exp: Math.floor(Date.now() / 1_000) + 3_600 };
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', JWT_SECRET).update(signed).digest('base64url')}`;
}
