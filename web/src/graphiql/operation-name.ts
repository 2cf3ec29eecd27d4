/** Returns the name of an operation, which is the title of its tab. */
export function operationName(query: string): string | undefined {
  return /\b(?:query|mutation|subscription)\s+(\w+)/.exec(query)?.[1];
}
