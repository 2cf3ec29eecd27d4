import { answerCalls } from './calls.ts';
import type { Usage } from './usage.ts';

// Loaded into every server before its own code (`node --import`), ours too: so all are asked in
// the same way, and none has code of the bench on its path.

answerCalls({
  usage(): Usage {
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed } = process.memoryUsage();
    return { cpuMicros: user + system, rssBytes: rss, heapBytes: heapUsed };
  },
  /** Collects garbage, so that what is measured next is what is held. */
  collect() {
    (globalThis as { gc?: () => void }).gc?.();
  },
});
