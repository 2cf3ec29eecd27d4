import { createTelemetry } from '../../telemetry.ts';
import type { InsertReport } from './types.ts';
import type { TakeReason } from './writer-lease.ts';

/** Each insert into the log or the inbox. */
export const inserts = createTelemetry<InsertReport>('insert');

/** This instance took the writer lease, or learnt that it lost it. */
export const leaseChanges = createTelemetry<{ isHolder: boolean; reason?: TakeReason }>('lease');

/** The time from the acknowledgement of an event in the inbox to its position, in milliseconds. */
export const positionDelays = createTelemetry<number>('position-delay');
