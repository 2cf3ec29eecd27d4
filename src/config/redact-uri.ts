/** Options of a URI of MongoDB that may hold a secret. */
const SECRET_OPTION = /(password|properties|token|secret)[^=]*=[^&]*/gi;

/**
 * A URI of MongoDB without what lets one in: users, passwords, and options that may hold some. Also
 * where a sign in the password should have been escaped: all up to the last @ may be a part of it.
 */
export function redactUri(mongodbUri: string): string {
  return mongodbUri
    .replace(/^(mongodb(?:\+srv)?:\/\/).*@/s, '$1(hidden)@')
    .replace(SECRET_OPTION, '$1=(hidden)');
}
