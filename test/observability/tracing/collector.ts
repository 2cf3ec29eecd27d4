import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CollectedSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  kind: number;
  attributes: { key: string; value: Record<string, unknown> }[];
  links?: { traceId: string; spanId: string }[];
  startTimeUnixNano: string;
  endTimeUnixNano: string;
}

/** Starts a collector that receives OTLP over HTTP. */
export async function startCollector() {
  const spans: CollectedSpan[] = [];
  const bodies: { contentType: string; bytes: Buffer }[] = [];
  const services = new Set<unknown>();
  const waiters = new Set<() => void>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const contentType = String(request.headers['content-type']);
    bodies.push({ contentType, bytes });
    if (contentType === 'application/json' && request.url === '/v1/traces') {
      for (const { resource, scopeSpans } of JSON.parse(bytes.toString()).resourceSpans) {
        for (const { key, value } of resource.attributes) {
          if (key === 'service.name') services.add(value.stringValue);
        }
        for (const scope of scopeSpans) spans.push(...scope.spans);
      }
    }
    response.writeHead(200, { 'Content-Type': contentType }).end();
    for (const waiter of waiters) waiter();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    bodies,
    services,
    /** Resolves once the condition holds. */
    until: (isThere: () => boolean) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (!isThere()) return;
          waiters.delete(look);
          resolve();
        };
        waiters.add(look);
        look();
      }),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** Returns the value of an attribute as text. */
export function attribute({ attributes }: CollectedSpan, name: string): string | undefined {
  const value = attributes.find(({ key }) => key === name)?.value;
  return value && String(Object.values(value)[0]);
}
