import { sign } from '../../../src/webhook/sign.ts';
import type { Random } from '../../faults/random.ts';

export const SECRET = 'simulated';

/** A delivery, which the sender posts until it is answered. */
export interface Delivery {
  readonly number: number;
  readonly userId: string;
  /** Another user whom it names. */
  readonly mentions: string | undefined;
  readonly body: Buffer;
  readonly signature: string;
  /** Whether the delivery is acceptable; otherwise it is quarantined. */
  readonly isAcceptable: boolean;
  /** False if a validator refuses its document, where there is one. */
  readonly isStorable: boolean;
}

/** The query of a validator that refuses deliveries which are not storable. */
export const STORABLE = { 'payload.refused': { $exists: false } };

export interface DeliveryOptions {
  /** Another user whom an event of this user names. */
  met?: number | undefined;
  isStorable?: boolean;
}

/** A user's installation; the other user of a pair shares it. */
function installationOf(user: number): string {
  return `00000000-0000-4000-8000-${String(user >> 1).padStart(12, '0')}`;
}

export function userIdOf(user: number): string {
  return `user-${String(user).padStart(4, '0')}X`;
}

/** The user who shares a user's installation. */
export function sharerOf(userId: string): string {
  return userIdOf(Number(userId.slice(5, -1)) ^ 1);
}

/**
 * Creates a delivery whose payload holds its number, so that its event can be identified.
 */
export function makeDelivery(
  number: number,
  user: number,
  random: Random,
  { met, isStorable = true }: DeliveryOptions = {},
): Delivery {
  const userId = userIdOf(user);
  const subject = {
    ...{ user_id: userId, installation_id: installationOf(user), delivery: number },
    ...(met !== undefined && { met: userIdOf(met) }),
    ...(!isStorable && { refused: true }),
  };
  const unknown = { delivery: number, ...(!isStorable && { refused: true }) };
  const messageId = `11111111-0000-4000-8000-${String(number).padStart(12, '0')}`;
  const isAcceptable = !random.chance(0.08);
  const { type, payload } = random.pick([
    { type: 'user_logged_in', payload: { ...subject, status: 1 } },
    { type: 'app_opened', payload: { ...subject, note: `seen with ${userId}` } },
    {
      type: 'message_sent',
      payload: { ...subject, message_id: messageId, speciality: 'work', professional_id: 5 },
    },
    { type: 'something_new', payload: { ...unknown, about: { user: userId } } },
  ]);
  const text = JSON.stringify({ type, occurred_on: new Date().toISOString(), payload });
  // Truncated, so that it is invalid JSON that still names its user.
  const body = Buffer.from(isAcceptable ? text : text.slice(0, -2));
  const mentions = 'met' in payload ? payload.met : undefined;
  const signature = sign(body, SECRET);
  return { number, userId, mentions, body, signature, isAcceptable, isStorable };
}

/** The number of the delivery behind an event; undefined once it is erased. */
export function numberOf(payload: unknown): number | undefined {
  return (payload as { delivery?: number } | null)?.delivery;
}
