import { connect } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { insertBatch } from '../../src/log/append/insert-batch.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { holdLease } from '../log/append/hold-lease.ts';
import { newEvent } from '../log/new-event.ts';
import { freshDatabase } from '../utils/database.ts';
import { scrapeSamples } from '../utils/scrape.ts';
import { deliveryOf, startTestServer } from '../utils/server.ts';
import { subscribeByWebSocket } from '../utils/subscribe.ts';
import { waitUntil } from '../utils/wait-until.ts';
import {
  type AlertScene,
  advanceableClock,
  logOf,
  quietScene,
  serverBehindProxy,
  serverWatched,
} from './alert-scene.ts';
import { watchAlerts } from './prometheus/watch-alerts.ts';

/** For each alert: a healthy server, and what brings it into the alert's state. */
export const scenes: Readonly<Record<string, () => Promise<AlertScene>>> = {
  async EventlineDown() {
    const server = await startTestServer();
    const watch = watchAlerts(server.url);
    await watch.pass('1m');
    return {
      watch,
      async trigger() {
        await server.close();
        await watch.pass('2m');
      },
    };
  },

  async EventlineMissing() {
    const { watch } = await serverWatched();
    return {
      watch,
      async trigger() {
        watch.forgetTargets();
        // The last samples stay valid for five minutes.
        await watch.pass('11m');
      },
    };
  },

  async EventlineDatabaseDown() {
    const { proxy, server, watch } = await serverBehindProxy();
    return {
      watch,
      async trigger() {
        proxy.cut();
        await waitUntil(async () => !(await fetch(`${server.url}/health/ready`)).ok);
        await watch.pass('2m');
      },
    };
  },

  async EventlineFollowerBehind() {
    const { uri } = await freshDatabase();
    const { collections, close } = await openStorage(uri);
    onTestFinished(close);
    const { proxy, watch } = await serverBehindProxy({}, uri);
    const clock = advanceableClock();
    return {
      watch,
      async trigger() {
        // Holds the tailer's read of another instance's batch, a closed range of positions.
        const held = proxy.hold('$lte');
        await insertBatch(
          collections.events,
          Array.from({ length: 50 }, () => newEvent()),
          1,
        );
        await held;
        clock.forward(60_000);
        await watch.pass('2m');
        proxy.release();
      },
    };
  },

  async EventlineListsBehind() {
    const { proxy, server, watch } = await serverBehindProxy();
    const clock = advanceableClock();
    return {
      watch,
      async trigger() {
        // Holds the write of the lists' checkpoint.
        const held = proxy.hold('foldedUpTo');
        await server.post('message_sent');
        await held;
        clock.forward(120_000);
        await watch.pass('6m');
        proxy.release();
      },
    };
  },

  async EventlineInboxStuck() {
    const { uri } = await freshDatabase();
    const { collections, close } = await openStorage(uri);
    onTestFinished(close);
    // Another instance holds the lease and moves nothing.
    await holdLease(collections);
    const { server, watch } = await serverWatched({ mongodbUri: uri });
    const clock = advanceableClock();
    return {
      watch,
      async trigger() {
        await server.postOnce(deliveryOf('message_sent'));
        const samples = () => scrapeSamples(server.url);
        const isSeen = async () =>
          (await samples()).some(
            ({ name, value }) => name === 'eventline_inbox_age_seconds' && value > 0,
          );
        await waitUntil(isSeen);
        clock.forward(60_000);
        await watch.pass('2m');
      },
    };
  },

  async EventlineRefusingDeliveries() {
    const { server, watch } = await serverWatched({ maxWaiting: 0 });
    const post = () => server.postOnce(deliveryOf('message_sent'));
    return { watch, trigger: () => watch.pass('3m', post) };
  },

  EventlineSenderQuiet: async () => quietScene({ mongodbUri: await logOf(1) }),

  async EventlineSignaturesRefused() {
    const { server, watch } = await serverWatched();
    return {
      watch,
      async trigger() {
        const wrong = { 'X-Signature': 'sha256=AA==' };
        const post = () => server.postRaw(deliveryOf('message_sent'), wrong);
        await Promise.all(Array.from({ length: 25 }, post));
        await watch.pass('1m');
      },
    };
  },

  async EventlineQuarantined() {
    const { server, watch } = await serverWatched();
    return {
      watch,
      async trigger() {
        await server.postRaw('{');
        await watch.pass('1m');
      },
    };
  },

  async EventlineSenderChanged() {
    const { server, watch } = await serverWatched();
    return {
      watch,
      async trigger() {
        await server.post('message_sent', { mood: 'good' });
        await watch.pass('1m');
      },
    };
  },

  async EventlineAppendsSlow() {
    const { proxy, server, watch } = await serverBehindProxy();
    const clock = advanceableClock();
    async function postSlowly() {
      const held = proxy.hold('insert');
      const posted = server.post('message_sent');
      await held;
      clock.forward(2_000);
      proxy.release();
      await posted;
    }
    return { watch, trigger: () => watch.pass('6m', postSlowly) };
  },

  async EventlineInternalErrors() {
    const authenticate = () => Promise.reject(new Error('as a fault of ours would be'));
    const { server, watch } = await serverWatched({ authenticate });
    return {
      watch,
      async trigger() {
        await server.query('{ head }');
        await watch.pass('1m');
      },
    };
  },

  async EventlineReplaysWaiting() {
    const mongodbUri = await logOf(300);
    const { server, watch } = await serverWatched({
      mongodbUri,
      limits: { replayEventsPerSecond: 1 },
    });
    const { body } = await server.query('{ events(first: 1) { edges { cursor } } }');
    return {
      watch,
      async trigger() {
        const token = await server.token();
        const query = 'subscription($after: String) { events(after: $after) { cursor } }';
        const after = body.data.events.edges[0].cursor;
        const reader = subscribeByWebSocket({
          ...{ url: server.url, token, query },
          variables: { after },
        });
        // One page exceeds the rate of several minutes; the next page waits.
        await reader.until(100);
        await watch.pass('11m');
        await reader.close();
      },
    };
  },

  async EventlineConnectionsNearLimit() {
    const { server, watch } = await serverWatched({ limits: { maxConnections: 20 } });
    return {
      watch,
      async trigger() {
        const { hostname, port } = new URL(server.url);
        const sockets = Array.from({ length: 18 }, () => connect(Number(port), hostname));
        await waitUntil(() => server.open().connections >= 18);
        await watch.pass('3m');
        for (const socket of sockets) socket.destroy();
      },
    };
  },

  async EventlineLoopBlocked() {
    const { watch } = await serverWatched({ metrics: { ofProcess: true, maxAgeMs: 0 } });
    const monitor = monitorEventLoopDelay({ resolution: 10 });
    monitor.enable();
    onTestFinished(() => void monitor.disable());
    async function block() {
      // The event-loop monitor starts with the second tick after a reset.
      monitor.reset();
      while (monitor.count < 2) await nextTurn();
      const endMs = performance.now() + 350;
      while (performance.now() < endMs);
    }
    return { watch, trigger: () => watch.pass('3m', block) };
  },

  async EventlineBackgroundFault() {
    const jwksUrl = new URL('http://127.0.0.1:1/nobody-is-here');
    const { server, watch } = await serverWatched({
      auth: { keys: { jwksUrl }, userClaim: 'sub' },
    });
    return {
      watch,
      async trigger() {
        const [, claims] = (await server.token()).split('.');
        const head = Buffer.from('{"alg":"RS256"}').toString('base64url');
        await server.query('{ head }', {}, `${head}.${claims}.AAAA`);
        await watch.pass('1m');
      },
    };
  },
};
