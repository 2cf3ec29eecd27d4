import { describe, expect, test } from 'vitest';
import { isAllowedOrigin, isHost } from '../../../src/server/http/allowed-origin.ts';

const LISTED = ['https://app.example'];

describe('an Origin with a Host', () => {
  test.each([
    ['none, as tools send it', {}],
    ['its own', { origin: 'http://127.0.0.1:4000', host: '127.0.0.1:4000' }],
    ['its own, on IPv6', { origin: 'http://[::1]:4000', host: '[::1]:4000' }],
    ['its own, the Host in other letters', { origin: 'https://a.example', host: 'A.Example' }],
    ['its own, the usual port written out', { origin: 'https://a.example', host: 'a.example:443' }],
    ['its own, likewise', { origin: 'http://a.example', host: 'a.example:80' }],
    [
      'its own on https behind a proxy that says nothing',
      { origin: 'https://a.example', host: 'a.example' },
    ],
    [
      'its own behind a proxy',
      { origin: 'https://a.example', host: 'a.example', 'x-forwarded-proto': 'https' },
    ],
    [
      'its own behind two',
      { origin: 'https://a.example', host: 'a.example', 'x-forwarded-proto': 'HTTPS, http' },
    ],
    [
      'its own behind one that says wss',
      { origin: 'https://a.example', host: 'a.example', 'x-forwarded-proto': 'wss' },
    ],
    ['a listed one', { origin: 'https://app.example', host: 'a.example' }],
  ])('%s is allowed', (_, headers) => {
    expect(isAllowedOrigin(headers, LISTED)).toBe(true);
  });

  test.each([
    ['an opaque one', { origin: 'null', host: 'a.example' }],
    ['an opaque one beside such a Host', { origin: 'null', host: 'null' }],
    ['an empty one', { origin: '', host: '' }],
    ['another host', { origin: 'https://evil.example', host: 'a.example' }],
    [
      'another host that begins alike',
      { origin: 'https://a.example.evil.example', host: 'a.example' },
    ],
    ['another host that ends alike', { origin: 'https://evil-a.example', host: 'a.example' }],
    ['a host above it', { origin: 'https://example', host: 'a.example' }],
    ['another port', { origin: 'http://a.example:8080', host: 'a.example' }],
    ['the port of the other scheme', { origin: 'http://a.example', host: 'a.example:443' }],
    [
      'http where a proxy has https',
      { origin: 'http://a.example', host: 'a.example', 'x-forwarded-proto': 'https' },
    ],
    [
      'https where a proxy has http',
      { origin: 'https://a.example', host: 'a.example', 'x-forwarded-proto': 'http' },
    ],
    ['a listed host on http', { origin: 'http://app.example', host: 'a.example' }],
    ['a listed host in other letters', { origin: 'https://APP.example', host: 'a.example' }],
    ['its own with a name in front', { origin: 'http://x@a.example', host: 'a.example' }],
    ['its own with a path', { origin: 'http://a.example/', host: 'a.example' }],
    ['two at once', { origin: 'http://a.example, https://app.example', host: 'a.example' }],
    ['a scheme of its own', { origin: 'foo://a.example', host: 'a.example' }],
    ['an extension', { origin: 'chrome-extension://a.example', host: 'a.example' }],
    ['no Host', { origin: 'http://a.example' }],
    ['a Host that is none', { origin: 'http://a.example', host: '[::' }],
    ['a Host with a name in front', { origin: 'http://a.example', host: 'evil.example@b.example' }],
    ['a file', { origin: 'file://', host: '' }],
  ])('%s is refused', (_, headers) => {
    expect(isAllowedOrigin(headers, LISTED)).toBe(false);
  });
});

describe('a host of more characters than a name and a port can have', () => {
  const label = 'é'.repeat(31);
  const longest = Array(8).fill(label).join('.').slice(0, 253);
  const longer = Array(9).fill(label).join('.');

  test('is no host', () => {
    expect(isHost(`${longest}:65535`)).toBe(true);
    expect(isHost(longer)).toBe(false);
  });

  test('is the origin of no page', () => {
    expect(isAllowedOrigin({ origin: new URL(`http://${longer}`).origin, host: longer }, [])).toBe(
      false,
    );
  });
});
