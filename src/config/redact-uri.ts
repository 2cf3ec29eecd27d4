/** Options of a MongoDB URI that may contain a secret. */
const SECRET_OPTION = /(password|properties|token|secret)[^=]*=[^&]*/gi;

/**
 * Removes users, passwords and secret options from a MongoDB URI. Everything up to the last @ is
 * removed, since an unescaped character in a password may look like the end of it.
 */
export function redactUri(mongodbUri: string): string {
  return mongodbUri
    .replace(/^(mongodb(?:\+srv)?:\/\/).*@/s, '$1(hidden)@')
    .replace(SECRET_OPTION, '$1=(hidden)');
}
