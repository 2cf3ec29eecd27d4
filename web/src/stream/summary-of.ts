import type { StreamEvent } from '../documents.ts';

const LONGEST = 200;

/** A short summary of an event that fits into a row. */
export function summaryOf(event: StreamEvent): string {
  return wordsOf(event).slice(0, LONGEST);
}

function wordsOf(event: StreamEvent): string {
  if ('faults' in event) return `malformed: ${event.faults.join('; ')}`;
  if ('fromStatus' in event) {
    return `${event.fromStatus.toLowerCase()} → ${event.toStatus.toLowerCase()}`;
  }
  if ('osName' in event) return `${event.osName} ${event.osVersion} · ${event.deviceModel}`;
  if ('speciality' in event) return event.speciality;
  if ('status' in event) return event.status.toLowerCase();
  return '';
}
