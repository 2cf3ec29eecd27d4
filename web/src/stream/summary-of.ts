import type { StreamEvent } from '../documents/list.ts';

const LONGEST = 200;

/**
 * The telling facts of an event, in a text that fits into a row.
 *
 * @param messageId the message that the page is about: its events are named among those of others
 */
export function summaryOf(event: StreamEvent, messageId?: string): string {
  const isThis = isOf(event, messageId);
  // The beginning of the id, as of installations: it tells which message was read.
  const other = 'messageId' in event && !isThis ? `message ${event.messageId.slice(0, 8)}` : '';
  const facts = [isThis ? 'this message' : '', ...factsOf(event), other];
  return facts.filter(Boolean).join(' · ').slice(0, LONGEST);
}

/** Returns true if an event is about a message. */
export function isOf(event: StreamEvent, messageId: string | undefined): boolean {
  return 'messageId' in event && event.messageId === messageId;
}

function factsOf(event: StreamEvent): readonly string[] {
  if ('faults' in event) return [`malformed: ${event.faults.join('; ')}`];
  if ('fromStatus' in event) {
    return [`${event.fromStatus.toLowerCase()} → ${event.toStatus.toLowerCase()}`];
  }
  if ('osName' in event) {
    const { deviceModel, osName, osVersion, countryCode } = event;
    return [deviceModel, `${osName} ${osVersion}`, countryCode ?? ''];
  }
  if ('speciality' in event) return [event.speciality, `professional ${event.professionalId}`];
  if ('coverageName' in event) return [event.status.toLowerCase(), event.coverageName];
  if ('status' in event) return [event.status.toLowerCase()];
  return [];
}
