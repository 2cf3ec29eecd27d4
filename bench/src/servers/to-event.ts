/** A delivery as the sender posts it. */
export interface Delivery {
  type: string;
  occurred_on: string;
  payload: {
    message_id: string;
    installation_id: string;
    user_id: string;
    speciality: string;
    professional_id: number;
  };
}

/** An event as the other contestants publish it, with the fields of the operation. */
export interface PublishedEvent {
  __typename: 'MessageSent';
  id: string;
  cursor: string;
  occurredOn: string;
  userId: string;
  messageId: string;
  speciality: string;
}

let position = 0;

/** Converts a delivery; id and cursor are as long as Eventline's and cost almost nothing. */
export function toEvent({ occurred_on, payload }: Delivery): PublishedEvent {
  position += 1;
  return {
    __typename: 'MessageSent',
    id: Buffer.from(`MessageSent:${payload.message_id.padEnd(43, '0')}`).toString('base64'),
    cursor: String(position).padStart(19, '0'),
    occurredOn: occurred_on,
    userId: payload.user_id,
    messageId: payload.message_id,
    speciality: payload.speciality,
  };
}
