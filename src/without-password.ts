/** Options of a URI of MongoDB that may hold a secret. */
const SECRET_OPTION = /(password|properties|token|secret)[^=]*=[^&]*/gi;

/** A URI of MongoDB without what lets one in: users, passwords, and options that may hold some. */
export function withoutPassword(mongodbUri: string): string {
  return mongodbUri
    .replace(/^(mongodb(?:\+srv)?:\/\/)[^/?]*@/, '$1(hidden)@')
    .replace(SECRET_OPTION, '$1=(hidden)');
}
