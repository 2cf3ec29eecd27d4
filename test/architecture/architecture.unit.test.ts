import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findCycles } from './find-cycles.ts';
import { findViolations } from './find-violations.ts';
import { folders, longFiles, MAX_LINES } from './folders.ts';
import { importsOf, readImports } from './read-imports.ts';

const ROOT = join(import.meta.dirname, '../..');

describe('the project', () => {
  const imports = readImports(ROOT, ['src', 'web/src', 'bench/src', 'examples']);

  test('imports follow the order of the folders', () => {
    expect(findViolations(imports, folders)).toEqual([]);
  });

  test('there are no import cycles', () => {
    expect(findCycles(imports)).toEqual([]);
  });

  test('no file exceeds its maximum length', () => {
    const long = [...imports.keys()]
      .filter((file) => !file.includes('/generated/'))
      .map((file) => ({
        file,
        lines: readFileSync(join(ROOT, file), 'utf8').split('\n').length - 1,
      }))
      .filter(({ lines }) => lines > MAX_LINES);
    expect(long.filter(({ file }) => !longFiles[file])).toEqual([]);
    expect(long.map(({ file }) => file).sort()).toEqual(Object.keys(longFiles).sort());
  });

  test('every folder in the table exists', () => {
    const files = [...imports.keys()];
    const empty = folders.filter(({ path }) => !files.some((file) => file.startsWith(path)));
    expect(empty).toEqual([]);
  });
});

describe('importsOf', () => {
  test('reads imports of types and values, re-exports, side-effect imports and dynamic imports', () => {
    const text = `
      import type { A } from './a.ts';
      import b, { type C } from '../b/b.ts';
      export { d } from '@scope/d/e';
      export * from './f.ts';
      import './g.ts';
      const h = await import('./h.tsx');
      const text = "import i from './i.ts'"; // import j from './j.ts'
    `;
    expect(importsOf('src/x/y.ts', text).sort()).toEqual([
      '@scope/d/e',
      ...['src/b/b.ts', 'src/x/a.ts', 'src/x/f.ts', 'src/x/g.ts', 'src/x/h.tsx'],
    ]);
  });
});

describe('findViolations', () => {
  const table = [
    { path: 'src/low', packages: ['zod'] },
    { path: 'src/middle' },
    { path: 'src/middle/part' },
    { path: 'src/page', imports: ['src/low'], isForBrowsers: true },
    { path: 'src/high', except: ['src/middle'] },
  ];

  test.for([
    ['src/low/a.ts', 'src/high/b.ts', 'src/low: it may import no other folder'],
    ['src/middle/a.ts', 'src/middle/part/b.ts', 'src/middle: it may import src/low'],
    [
      'src/high/a.ts',
      'src/middle/b.ts',
      'src/high: it may import src/low, src/middle/part, src/page',
    ],
    ['src/page/a.ts', 'src/middle/b.ts', 'src/page: it may import src/low'],
    ['src/page/a.ts', 'node:fs', 'src/page: it runs in browsers, without the modules of Node'],
    ['src/low/a.ts', '@scope/b/c', 'src/low: of the packages it may import zod'],
    ['src/high/a.ts', 'zod', 'src/high: of the packages it may import none'],
  ] as const)('%s may not import %s', ([file, name, rule]) => {
    expect(findViolations(new Map([[file, [name]]]), table)).toEqual([
      `${file} imports ${name}: ${rule}`,
    ]);
  });

  test('accepts downward imports, imports inside a folder and known exceptions', () => {
    const imports = new Map([
      ['src/low/a.ts', ['src/low/b.ts', 'zod/v4', 'node:fs']],
      ['src/middle/part/a.ts', ['src/middle/b.ts', 'src/low/b.ts']],
      ['src/page/a.ts', ['src/low/b.ts']],
    ]);
    expect(findViolations(imports, table)).toEqual([]);
  });

  test('reports a file outside the table', () => {
    expect(findViolations(new Map([['src/new/a.ts', []]]), table)).toEqual([
      'src/new/a.ts is in no folder of the table',
    ]);
  });
});

test('findCycles lists the files of a cycle in order', () => {
  const imports = new Map([
    ['a.ts', ['b.ts', 'node:fs']],
    ['b.ts', ['c.ts', 'd.ts']],
    ['c.ts', ['d.ts']],
    ['d.ts', ['b.ts']],
  ]);
  expect(findCycles(imports)).toEqual(['b.ts -> c.ts -> d.ts -> b.ts']);
});
