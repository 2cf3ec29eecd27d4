import { type ASTNode, type GraphQLError, Kind, print } from 'graphql';

/** How errors name the literals that they do not quote. Names of an enum are no personal data. */
const KINDS: Partial<Record<ASTNode['kind'], string>> = {
  [Kind.STRING]: 'a string',
  [Kind.INT]: 'a number',
  [Kind.FLOAT]: 'a number',
  [Kind.LIST]: 'a list',
  [Kind.OBJECT]: 'an object',
};
/** What stands before a quoted value in the messages of graphql-js and graphql-scalars. */
const BEFORE = [': ', ', found ', ' invalid value '];
/** A token in a syntax error: its kind and its text. */
const TOKEN = /\b(String|BlockString|Int|Float) ".*"/s;

/**
 * Returns the message of an error about a document without the strings and numbers that the
 * document contains, such as an e-mail address that is no variable: clients log their errors.
 */
export function withoutValues({ message, nodes = [] }: GraphQLError): string {
  if (message.startsWith('Syntax Error')) return message.replace(TOKEN, '$1');
  let shown = message;
  for (const node of nodes) {
    const kind = KINDS[node.kind];
    if (kind === undefined) continue;
    const texts = 'value' in node ? [print(node), String(node.value)] : [print(node)];
    for (const text of texts) {
      for (const before of BEFORE) shown = shown.replace(before + text, () => before + kind);
    }
  }
  return shown;
}
