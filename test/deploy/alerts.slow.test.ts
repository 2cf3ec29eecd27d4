import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { deliveryOf, startTestServer } from '../utils/server.ts';
import { subscribeBySse } from '../utils/subscribe.ts';
import { quietScene, serverWatched } from './alert-scene.ts';
import { scenes } from './alert-states.ts';
import { alertRules } from './prometheus/alert-rules.ts';
import { watchAlerts } from './prometheus/watch-alerts.ts';

const runbooks = readFileSync(join(import.meta.dirname, '../../docs/operate/alerts.md'), 'utf8');

test('every rule has a scene that triggers it, and every scene a rule', () => {
  expect(Object.keys(scenes)).toEqual(alertRules.map(({ alert }) => alert));
});

test.for(alertRules)(
  '$alert fires, with the labels that its summary uses',
  async ({ alert, annotations }) => {
    const scene = await scenes[alert]?.();
    if (scene === undefined) throw new Error(`no state for ${alert}`);
    expect([...scene.watch.firing().keys()]).not.toContain(alert);
    await scene.trigger();
    const found = scene.watch.firing().get(alert) ?? [];
    expect(found).not.toEqual([]);
    const named = [...annotations.summary.matchAll(/\$labels\.(\w+)/g)].map(([, name]) => name);
    for (const { labels } of found)
      expect(Object.keys(labels)).toEqual(expect.arrayContaining(named));
  },
);

test.for<[kind: string, name: string, body: string]>([
  ['malformed_field', 'a text that is null', deliveryOf('message_sent', { speciality: null })],
  ['malformed_field', 'no user', deliveryOf('app_opened', { user_id: undefined })],
  [
    'malformed_field',
    'no payload',
    deliveryOf('app_opened').replace(/"payload".*/, '"payload":[]}'),
  ],
  ['undeclared_member', 'an id', deliveryOf('app_opened').replace('{', '{"event_id":"evt_1",')],
  ['unknown_type', 'a type', deliveryOf('new_thing')],
])('EventlineSenderChanged fires for %s: %s', async ([kind, , body]) => {
  const { server, watch } = await serverWatched();
  await watch.pass('1m', () => server.post('message_sent'));
  expect([...watch.firing().keys()]).toEqual([]);
  await server.postRaw(body);
  await watch.pass('1m');
  const found = watch
    .firing()
    .get('EventlineSenderChanged')
    ?.map(({ labels }) => labels.kind);
  expect(found).toContain(kind);
});

test('a sender that has never reached a new log counts as quiet', async () => {
  const { watch, trigger } = await quietScene();
  expect([...watch.firing().keys()]).toEqual([]);
  await trigger();
  expect([...watch.firing().keys()]).toEqual(['EventlineSenderQuiet']);
});

test.for(alertRules)('$alert has a section in docs/operate/alerts.md', ({ alert, annotations }) => {
  // A template of Prometheus: an external label makes the links absolute.
  expect(annotations.runbook_url).toBe(
    `{{ or $externalLabels.runbooks "docs/operate/alerts.md" }}#${alert.toLowerCase()}`,
  );
  const [, section = ''] = runbooks.split(new RegExp(`^## ${alert}$`, 'm'));
  expect((section.split(/^##/m)[0] ?? '').trim().length).toBeGreaterThan(100);
});

test('no alert fires while everything works', async () => {
  const server = await startTestServer();
  const watch = watchAlerts(server.url);
  const token = await server.token();
  const query = 'subscription { events { cursor } }';
  const reader = subscribeBySse({ url: server.url, token, query });
  await reader.ready;
  await watch.pass('20m', () => server.post('message_sent'));
  await server.query('{ head }');
  await watch.pass('1m');
  expect([...watch.firing().keys()]).toEqual([]);
  await reader.until(80);
  await reader.close();
  await server.close();
});
