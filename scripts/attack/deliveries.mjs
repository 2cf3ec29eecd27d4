import { createHmac, randomUUID } from 'node:crypto';
import { request } from 'node:http';

export const SECRET = 'a-secret-for-the-measurement';

/** Posts one small delivery after the other, until the signal is aborted. */
export async function sendUntil(signal, port, agent, tally) {
  while (!signal.aborted) {
    const startedMs = performance.now();
    const status = await post(port, agent, toBody({ installation_id: randomUUID() })).catch(
      () => 0,
    );
    tally.latenciesMs.push(performance.now() - startedMs);
    if (status === 200) tally.answered += 1;
    else tally.other += 1;
  }
}

/** Returns a delivery of `app_opened`. */
export function toBody(payload) {
  return JSON.stringify({
    type: 'app_opened',
    occurred_on: new Date().toISOString(),
    payload: { user_id: `user-${randomUUID()}`, ...payload },
  });
}

/** Posts a signed delivery; resolves to the status of the answer. */
export function post(port, agent, body) {
  const signature = createHmac('sha256', SECRET).update(body).digest('base64');
  return new Promise((resolve, reject) => {
    const sent = request({
      ...{ port, agent, host: '127.0.0.1', method: 'POST', path: '/webhooks/events' },
      headers: {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
        'X-Signature': `sha256=${signature}`,
      },
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
      response.on('error', reject);
    });
    sent.end(body);
  });
}
