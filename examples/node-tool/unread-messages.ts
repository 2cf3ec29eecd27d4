import { parseArgs } from 'node:util';
import { createAsk } from './ask.ts';
import { graphql } from './generated/gql.ts';
import type { UnreadMessagesQueryVariables } from './generated/graphql.ts';

const UNREAD = graphql(/* GraphQL */ `
  query UnreadMessages($olderThan: Duration!, $after: String) {
    messages(filter: { unread: true, olderThan: $olderThan }, first: 100, after: $after) {
      edges {
        node {
          messageId
          sentOn
          speciality
          user {
            userId
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:4000' },
    'older-than': { type: 'string', default: 'P1D' },
  },
});
const { EVENTLINE_TOKEN: token = '' } = process.env;

try {
  const ask = createAsk(values.url, token);
  const variables: UnreadMessagesQueryVariables = { olderThan: values['older-than'] };
  for (let isMore = true; isMore; ) {
    const { messages } = await ask(UNREAD, variables);
    for (const { node } of messages.edges) {
      const cells = [node.sentOn, node.speciality, node.user?.userId, node.messageId];
      // A tab between the cells: for `sort`, `cut` and spreadsheets.
      process.stdout.write(`${cells.join('\t')}\n`);
    }
    isMore = messages.pageInfo.hasNextPage;
    variables.after = messages.pageInfo.endCursor;
  }
} catch (error) {
  process.stderr.write(`${(error as Error).message}\nSet EVENTLINE_TOKEN (scope events:read).\n`);
  process.exitCode = 1;
}
