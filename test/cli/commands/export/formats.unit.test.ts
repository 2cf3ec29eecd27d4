import { expect, test } from 'vitest';
import { type ExportedEvent, formats } from '../../../../src/cli/commands/export/formats.ts';

const event: ExportedEvent = {
  ...{ cursor: 'AAAA', id: 'aWQ=', typeName: 't', occurredOn: 'o', receivedAt: 'r' },
  ...{ userId: '42A', installationId: null, payload: {} },
};

/** The cells of a line as a spreadsheet reads it that separates them by semicolons or tabs. */
const cellsOf = (line: string) => line.split(/[;\t]/).map((cell) => cell.replace(/^"+/, ''));

test.each(['=', '+', '-', '@'])('no cell begins with %s, whatever separates cells', (sign) => {
  for (const before of ['', ';', 'a;', 'a;"', '\t', ';;']) {
    const text = `${before}${sign}1+1`;
    const line = formats.csv.toLine({
      ...event,
      ...{ typeName: text, userId: text, payload: { [text]: [text], list: [1, -1] } },
    });
    expect(cellsOf(line).filter((cell) => cell.startsWith(sign))).toEqual([]);
  }
});

test('the payload in a cell parses to the same value', () => {
  const payload = { 'a;=b': ['c;-d', ';@', 'e;\t', 'f;+"g"', '\\;=h'], n: -1 };
  const line = formats.csv.toLine({ ...event, payload });
  const cell = line.slice(line.indexOf('"{') + 1, -1).replaceAll('""', '"');
  expect(JSON.parse(cell)).toEqual(payload);
});
