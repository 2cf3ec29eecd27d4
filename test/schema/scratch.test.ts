import { test } from 'vitest';
import { connect } from 'node:net';
import { startTestServer, deliveryOf } from '../utils/server.ts';
const show = (l: string, x: unknown) => process.stdout.write(`${l}: ${JSON.stringify(x)}\n`);
test('probe', async () => {
  const s = await startTestServer({ patienceMs: 300 });
  const raw = (payload: string, type = 'x_thing') => `{"type":"${type}","occurred_on":"${new Date().toISOString()}","payload":${payload}}`;
  const STORED = '{ events(last:1) { edges { node { __typename id payload typeName userId ... on UserFirstLoggedIn { email } ... on MessageSent { messageId professionalId } } } } }';
  for (const p of ['{"_bsontype":"ObjectId"}','{"a":{"_bsontype":"Zork"}}','{"a":{"_bsontype":5}}','{"a":{"_bsontype":null}}','{"a":{"$ref":"db.coll","$id":1,"x":2}}','{"$ref":"coll","$id":"7","user_id":"u"}','{"toJSON":"x","toBSON":1,"constructor":{"name":2}}','{"__proto__":{"admin":1},"a":[{"__proto__":null}]}','{"":1,"a.b":{"":{"$x.y":1}},"$where":"x","$set":{"$inc":1},"_id":4}','{"user_id":"a\\u0000b"}','{"n":[-0,1e21,0.1,9007199254740991,-9007199254740991,1.7976931348623157e308,5e-324, 4294967296]}', '{"then":"x","length":3}', '{"toJSON":{"call":1}}']) {
    const t0 = Date.now();
    const a = await s.postRaw(raw(p));
    const q = await s.query(STORED);
    show(p, [a.status, a.body.status ?? a.body, Date.now() - t0, JSON.stringify(q.body.errors ?? q.body.data.events.edges[0]?.node)]);
  }
  for (const e of ['ñ@x.com','a@b','a@b.c_d','a..b@x.com','a@-x.com','"q"@x.com','','x']) {
    const a = await s.post('user_first_logged_in', { email: e, user_id: 'e' + e });
    const q = await s.query(STORED);
    show(e, [a.status, q.body.errors, q.body.data?.events?.edges[0]?.node.email]);
  }
  const m = await s.post('message_sent', { message_id: 'FFFFFFFF-ffff-ffff-ffff-ffffffffffff', installation_id: 'FFFFFFFF-FFFF-ffff-ffff-ffffffffffff', professional_id: -3 });
  show('msg', (await s.query(STORED)).body);
  const dig = Buffer.from(m.body.id, 'base64').toString().split(':')[1];
  for (const id of [m.body.id, Buffer.from('AppOpened:' + dig).toString('base64'), Buffer.from('Foo:' + dig).toString('base64'), Buffer.from('Query:' + dig).toString('base64'), Buffer.from('Event:' + dig).toString('base64'), Buffer.from('MessageSent:abc').toString('base64'), 'garbage', '', 'é', '5', m.body.id.replace(/=+$/, ''), m.body.id + ' ', Buffer.from('__proto__:' + dig).toString('base64')]) {
    const q = await s.query('query($id: ID!) { node(id:$id) { __typename id } }', { id });
    const r = await s.query('query($id: ID!) { event(id:$id) { __typename id } }', { id });
    show(id, [q.status, q.body, r.status, r.body]);
  }
  for (const q of ['{', '{ nope }', 'query A { __typename } query B { __typename }', '{ events(first: "x") { edges { cursor } } }', '{ events(filter:{occurredOn:{from:"x"}}) { edges { cursor } } }', '{ events(filter:{types:[NOPE]}) { edges { cursor } } }','{ events(filter:{installationIds:["x"]}) { edges { cursor } } }', '{ events(first:1,last:1) { edges { cursor } } }', '{ events(first:-1) { edges { cursor } } }','{ events(first:1001) { edges { cursor } } }', '{ events(after:"x") { edges { cursor } } }', 'subscription { events(after:"x") { cursor } }', 'mutation { x }', '']) {
    const r = await s.query(q);
    show(q, [r.status, r.headers.get('content-type'), r.body]);
  }
  for (const v of [{ f: { occurredOn: { from: 'x' } } }, { f: { types: ['NOPE'] } }, { f: { types: [null] } }, { f: { installationIds: ['x'] } }, { f: { nope: 1 } }, { f: 5 }]) {
    const r = await s.query('query($f: EventFilter) { events(filter:$f) { edges { cursor } } }', v);
    show(JSON.stringify(v), [r.status, r.body]);
  }
  for (const [h, b] of [['405', null]] as const) { const r = await fetch(`${s.url}/webhooks/events`, { method: 'GET' }); show(h, [r.status, r.headers.get('allow'), await r.text()]); void b; }
  // 413 with large streams
  const port = Number(new URL(s.url).port);
  for (const chunked of [false, true]) {
    const out = await new Promise((res) => {
      const c = connect(port, '127.0.0.1'); let t = ''; let err = '';
      c.on('data', (d) => { t += d; }); c.on('error', (e) => { err = String(e); }); c.on('close', () => res([t.slice(0, 60), err]));
      c.write(`POST /webhooks/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${chunked ? 'Transfer-Encoding: chunked' : 'Content-Length: 10000000'}\r\n\r\n`);
      const b = Buffer.alloc(10_000_000, 32);
      if (chunked) c.write(`${b.length.toString(16)}\r\n`);
      c.write(b); if (chunked) c.write('\r\n0\r\n\r\n');
    });
    show('413 chunked=' + chunked, out);
  }
  const cut = await new Promise((res) => {
      const c = connect(port, '127.0.0.1'); let t = '';
      c.on('data', (d) => { t += d; }); c.on('close', () => res(t));
      c.end(`POST /webhooks/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-Signature: x\r\nContent-Length: 100\r\n\r\n{"a"`);
  });
  show('cut', cut);
  show('log', s.logLines.slice(-6));
  await s.close();
}, 120000);
