import type { IncomingMessage } from 'node:http';
import type { NewEvent } from '../catalog/event.ts';
import { createTelemetry } from '../telemetry.ts';
import type { DeliveryReport } from './outcome.ts';

/** A delivery arrived. */
export const arrivals = createTelemetry<IncomingMessage>('delivery-arrival');

/** A delivery was parsed; its event is not stored yet. */
export const parsedDeliveries = createTelemetry<{ request: IncomingMessage; event: NewEvent }>(
  'delivery-parsed',
);

/** A delivery was answered. */
export const deliveryReports = createTelemetry<{
  request: IncomingMessage;
  report: DeliveryReport;
}>('delivery-report');
