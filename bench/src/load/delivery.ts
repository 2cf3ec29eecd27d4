import { createHmac, randomBytes } from 'node:crypto';
import { WEBHOOK_PATH, WEBHOOK_SECRET } from '../contract.ts';

/** A signed delivery, ready to be written on a connection. */
export interface PreparedDelivery {
  request: Buffer;
  messageId: string;
  userId: string;
}

// Every run uses new ids: a repeated event would be a duplicate.
const run = randomBytes(4).toString('hex');
let count = 0;

/** Creates a signed delivery for a user: the sender's example with a new message id. */
export function prepareDelivery(userId: string): PreparedDelivery {
  count += 1;
  const messageId = `${run}-0000-4000-8000-${count.toString(16).padStart(12, '0')}`;
  const body = Buffer.from(
    JSON.stringify({
      type: 'message_sent',
      occurred_on: new Date().toISOString().replace('Z', '+00:00'),
      payload: {
        message_id: messageId,
        installation_id: 'ba55ab42-9d09-4fbe-805e-ac91e62cae3f',
        user_id: userId,
        speciality: 'work',
        professional_id: 5,
      },
    }),
  );
  const signature = createHmac('sha256', WEBHOOK_SECRET).update(body).digest('base64');
  const head =
    `POST ${WEBHOOK_PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n` +
    `X-Signature: sha256=${signature}\r\nContent-Length: ${body.length}\r\n\r\n`;
  return { request: Buffer.concat([Buffer.from(head), body]), messageId, userId };
}
