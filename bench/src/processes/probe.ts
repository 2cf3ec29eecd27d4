import { handleCalls } from './remote-calls.ts';
import type { Usage } from './usage.ts';

// Preloaded into every server (`node --import`), Eventline too: all are measured in the same way, and
// none has code of the bench on the path of its requests.

handleCalls({
  usage(): Usage {
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed } = process.memoryUsage();
    return { cpuMicros: user + system, rssBytes: rss, heapBytes: heapUsed };
  },
  /** Collects garbage, so that the next measurement shows only live memory. */
  collect() {
    (globalThis as { gc?: () => void }).gc?.();
  },
});
