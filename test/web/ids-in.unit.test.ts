import { expect, test } from 'vitest';
import { idsIn } from '../../web/src/search/ids-in.ts';

const UUID = 'eda7c7ba-58d6-4943-9ebe-d0a8e4a7443e';

test.for([
  ['quotes and a comma of JSON', `"${UUID}",`],
  ['braces', `{${UUID}}`],
  ['white space of a table', `\t${UUID}\u00a0\n`],
  ['invisible characters of a chat', `\u200b\ufeff${UUID}\u2060`],
  ['no dashes', UUID.replaceAll('-', '')],
  ['the address of its page', `https://events.example/app/#/messages/${UUID}`],
] as const)('an id is found that was copied with %s', ([, text]) => {
  expect(idsIn(text)).toContain(UUID);
});

test('an id that has such characters itself is looked up as it is, first', () => {
  expect(idsIn('"quoted"')).toEqual(['"quoted"', 'quoted']);
  expect(idsIn('42A')).toEqual(['42A']);
  expect(idsIn('""')).toEqual(['""']);
});

test('the address of a page decodes its id; other addresses are ids', () => {
  expect(idsIn('http://127.0.0.1:4000/#/users/a%2Fb')).toEqual(['a/b']);
  expect(idsIn('https://events.example/#/?user=42A')).toEqual([
    'https://events.example/#/?user=42A',
  ]);
});
