import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { LivePage } from './live-page.ts';

const axe = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Returns the findings of axe, of any impact, with their place. */
export async function axeViolations({ page }: LivePage): Promise<string[]> {
  await page.evaluate(await axe);
  const { violations } = await page.evaluate(() => Reflect.get(globalThis, 'axe').run());
  return (violations as { id: string; nodes: { html: string }[] }[]).flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => `${id}: ${html}`),
  );
}
