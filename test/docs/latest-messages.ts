import { graphql } from '../generated/gql.ts';

const LATEST_MESSAGES = graphql(/* GraphQL */ `
  query LatestMessages($speciality: String!) {
    events(filter: { types: [MESSAGE_SENT], specialities: [$speciality] }, last: 20) {
      edges { node { occurredOn userId ... on MessageSent { messageId professionalId } } }
    }
  }
`);

/**
 * Returns the latest messages of a speciality. Using a field that is not selected is a compile
 * error.
 */
export async function latestMessages(url: string, token: string, speciality: string) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: LATEST_MESSAGES, variables: { speciality } }),
  });
  const { data, errors } = (await response.json()) as Answer<typeof LATEST_MESSAGES>;
  if (!data) throw new Error(errors?.[0]?.message);
  return data.events.edges.map(({ node }) => node);
}

interface Answer<Document extends { __apiType?: unknown }> {
  data?: ReturnType<Extract<Document['__apiType'], (...of: never) => unknown>>;
  errors?: { message: string }[];
}
