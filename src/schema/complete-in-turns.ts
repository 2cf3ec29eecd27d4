import type { FieldNode, GraphQLResolveInfo, GraphQLSchema, SelectionSetNode } from 'graphql';
import { TURN_BYTES, workSlices } from '../memory/work-slices.ts';
import { wrapLists } from './wrap-lists.ts';

/** Fields of the items of a list that are completed in one turn of the event loop. */
const FIELDS_PER_TURN = 1_000;

/**
 * Lets the items of long lists be completed in several turns of the event loop: otherwise a page with
 * many fields is completed in one. Applies to every list of objects, including later ones.
 */
export function completeInTurns(schema: GraphQLSchema): GraphQLSchema {
  return wrapLists(schema, inTurns);
}

function inTurns(items: readonly unknown[], info: GraphQLResolveInfo): unknown {
  if (items.length < 2) return items;
  const perTurn = Math.ceil(FIELDS_PER_TURN / countFields(info));
  return items.length <= perTurn ? items : turnsOf(items, perTurn);
}

/** Yields the first items at once, and a promise for each other one, which resolves in a later turn. */
function* turnsOf(items: readonly unknown[], perTurn: number): Generator<unknown> {
  const slices = workSlices.open();
  let turn: Promise<void> | undefined;
  const next = async (before: Promise<void> | undefined) => {
    await before;
    await slices.spend(TURN_BYTES);
  };
  for (const [index, item] of items.entries()) {
    if (index > 0 && index % perTurn === 0) turn = next(turn);
    yield turn ? turn.then(() => item) : item;
  }
}

/** Returns the number of fields below a field, those of a fragment once for each spread. */
function countFields({ fieldNodes, fragments }: GraphQLResolveInfo): number {
  const counts = new Map<string, number>();
  const inSet = ({ selections }: SelectionSetNode): number =>
    selections.reduce((sum, selection) => {
      if (selection.kind === 'Field') return sum + 1 + inNode(selection);
      if (selection.kind === 'InlineFragment') return sum + inSet(selection.selectionSet);
      return sum + inFragment(selection.name.value);
    }, 0);
  const inNode = ({ selectionSet }: FieldNode) => (selectionSet ? inSet(selectionSet) : 0);
  function inFragment(name: string): number {
    const known = counts.get(name);
    if (known !== undefined) return known;
    const fragment = fragments[name];
    const count = fragment ? inSet(fragment.selectionSet) : 0;
    counts.set(name, count);
    return count;
  }
  return fieldNodes.reduce((sum, node) => sum + inNode(node), 1);
}
