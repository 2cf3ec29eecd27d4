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

const { EVENTLINE_URL = 'http://127.0.0.1:4000', EVENTLINE_TOKEN: token = '' } = process.env;
const { values } = parseArgs({
  options: {
    url: { type: 'string', default: EVENTLINE_URL },
    'older-than': { type: 'string', default: 'P1D' },
  },
});

try {
  const ask = createAsk(values.url, token);
  const variables: UnreadMessagesQueryVariables = { olderThan: values['older-than'] };
  for (let hasMore = true; hasMore; ) {
    const { messages } = await ask(UNREAD, variables);
    for (const { node } of messages.edges) {
      const cells = [node.sentOn, node.speciality, node.user?.userId, node.messageId];
      // Tab-separated, for `sort`, `cut` and spreadsheets.
      process.stdout.write(`${cells.join('\t')}\n`);
    }
    hasMore = messages.pageInfo.hasNextPage;
    variables.after = messages.pageInfo.endCursor;
  }
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
