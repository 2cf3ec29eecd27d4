import type { Metrics } from '../../observability/metrics/create-metrics.ts';
import { type Handler, onlyGet } from './route-requests.ts';

/** Returns the handler of `/metrics`. */
export function serveMetrics({
  read,
  contentType,
}: Pick<Metrics, 'read' | 'contentType'>): Handler {
  return onlyGet(async (_, response) => {
    const text = await read();
    response.writeHead(200, {
      'Content-Type': contentType,
      'Content-Length': text.length,
      'Cache-Control': 'no-store',
    });
    response.end(text);
  });
}
