import type { GraphQLResolveInfo, SelectionSetNode } from 'graphql';

/**
 * Returns true if a field is selected below the resolved one, including through fragments,
 * regardless of directives. For fields that are expensive to load.
 *
 * @param path names of the fields that lead to it, its own last
 */
export function isFieldSelected(info: GraphQLResolveInfo, path: readonly string[]): boolean {
  return info.fieldNodes.some((node) => reaches(node.selectionSet, path));

  function reaches(set: SelectionSetNode | undefined, path: readonly string[]): boolean {
    const [name, ...rest] = path;
    if (name === undefined) return true;
    return (set?.selections ?? []).some((selection) => {
      if (selection.kind === 'FragmentSpread') {
        return reaches(info.fragments[selection.name.value]?.selectionSet, path);
      }
      if (selection.kind === 'InlineFragment') return reaches(selection.selectionSet, path);
      return selection.name.value === name && reaches(selection.selectionSet, rest);
    });
  }
}
