import { visit } from 'jsonc-parser';

/** A JSON text as a tree that keeps what objects of JavaScript lose: repeated keys and digits. */
export type Tree =
  | { kind: 'object'; members: [key: string, value: Tree][] }
  | { kind: 'array'; items: Tree[] }
  | { kind: 'number'; text: string }
  | { kind: 'scalar'; value: string | boolean | null };

/** Reads bytes as JSON (RFC 8259) with jsonc-parser; undefined if they are none. */
export function readJson(bytes: Buffer): Tree | undefined {
  let text: string;
  try {
    // The decoder removes one byte order mark.
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
  const root: Tree = { kind: 'array', items: [] };
  const open: Tree[] = [root];
  let key = '';
  let isJson = true;

  function add(tree: Tree): void {
    const parent = open.at(-1);
    if (parent?.kind === 'object') parent.members.push([key, tree]);
    else if (parent?.kind === 'array') parent.items.push(tree);
    if (tree.kind === 'object' || tree.kind === 'array') open.push(tree);
  }
  const close = () => void open.pop();
  const visitor = {
    onObjectBegin: () => add({ kind: 'object', members: [] }),
    onArrayBegin: () => add({ kind: 'array', items: [] }),
    onObjectProperty(name: string) {
      key = name;
    },
    onLiteralValue(value: string | number | boolean | null, offset: number, length: number) {
      const isNumber = typeof value === 'number';
      const number = text.slice(offset, offset + length);
      add(isNumber ? { kind: 'number', text: number } : { kind: 'scalar', value });
    },
    onObjectEnd: close,
    onArrayEnd: close,
    onError() {
      isJson = false;
    },
  };
  visit(text, visitor, { disallowComments: true, allowTrailingComma: false });
  return isJson ? root.items[0] : undefined;
}
