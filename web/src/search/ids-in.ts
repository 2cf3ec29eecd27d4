import { parseView } from '../address/view.ts';

/** What surrounds an id that was copied out of a text, JSON or a chat; invisible characters too. */
const AROUND = String.raw`[\s\p{Cf}"'\u0060“”‘’«»<>{}[\],;]+`;
const EDGES = new RegExp(`^${AROUND}|${AROUND}$`, 'gu');
const UNDASHED = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/i;

/**
 * Returns the ids that a pasted text may mean: the text itself, the text without what surrounds it, and
 * a UUID with its dashes. The address of a page of this server means the id in it.
 */
export function idsIn(text: string): readonly string[] {
  const bare = text.replace(EDGES, '');
  const [, fragment] = /^https?:\/\/[^\s#]+(#\S+)$/.exec(bare) ?? [];
  const view = fragment === undefined ? undefined : parseView(fragment);
  if (view && 'id' in view) return [view.id];
  const dashed = bare.replace(UNDASHED, '$1-$2-$3-$4-$5');
  return [...new Set([text, bare, dashed])].filter((id) => id !== '');
}
