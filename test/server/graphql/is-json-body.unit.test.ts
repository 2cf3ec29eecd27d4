import { describe, expect, test } from 'vitest';
import { isJsonBody } from '../../../src/server/graphql/is-json-body.ts';

describe('accepted', () => {
  test.each([
    ['application/json', undefined],
    ['APPLICATION/JSON', undefined],
    ['application/json;charset=utf-8', undefined],
    ['application/json ; Charset="UTF-8"', undefined],
    ['application/json; charset=utf8', undefined],
    ['application/json; version=1', undefined],
    ['application/json;', undefined],
    ['application/json; note="; charset=utf-16"', undefined],
    ['application/vnd.sender.event-v1+json', undefined],
    ['application/json', 'identity'],
    ['application/json', ' Identity '],
  ])('%s, coding %s', (type, coding) => {
    expect(isJsonBody(type, coding)).toBe(true);
  });
});

describe('refused', () => {
  test.each([
    [undefined, undefined],
    ['', undefined],
    ['text/json', undefined],
    ['application/jsonp', undefined],
    ['application/json, text/plain', undefined],
    ['application/+json', undefined],
    ['application/x-www-form-urlencoded', undefined],
    ['application/json; charset=utf-16', undefined],
    ['application/json; charset=', undefined],
    ['application/json; note="a;b"; charset=utf-16', undefined],
    ['text/plain; application/json', undefined],
    ['application/json', 'gzip'],
    ['application/json', 'identity, gzip'],
  ])('%s, coding %s', (type, coding) => {
    expect(isJsonBody(type, coding)).toBe(false);
  });
});
