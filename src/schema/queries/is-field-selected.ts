import type { GraphQLResolveInfo, SelectionSetNode } from 'graphql';

/**
 * Returns true if a field is selected below the resolved one, including through fragments,
 * regardless of directives. For fields that are expensive to load.
 *
 * Each fragment is searched once for each part of the path: fragments that spread each other many
 * times would otherwise take exponential time.
 *
 * @param path names of the fields that lead to it, its own last
 */
export function isFieldSelected(info: GraphQLResolveInfo, path: readonly string[]): boolean {
  /** Fragments that do not reach the field, with the number of names that were left. */
  const searched = new Set<string>();
  return info.fieldNodes.some((node) => reaches(node.selectionSet, path));

  function reaches(set: SelectionSetNode | undefined, path: readonly string[]): boolean {
    const [name, ...rest] = path;
    if (name === undefined) return true;
    return (set?.selections ?? []).some((selection) => {
      if (selection.kind === 'FragmentSpread') {
        const search = `${path.length} ${selection.name.value}`;
        if (searched.has(search)) return false;
        searched.add(search);
        return reaches(info.fragments[selection.name.value]?.selectionSet, path);
      }
      if (selection.kind === 'InlineFragment') return reaches(selection.selectionSet, path);
      return selection.name.value === name && reaches(selection.selectionSet, rest);
    });
  }
}
