import type { Collections } from '../../src/storage/models.ts';

/** `statuses.test.ts` compares these with what the log says. */
const OF_STATUS = ['status', 'statusSteps'];

/** Returns the projection documents sorted by `_id`, with sorted sets, without the users' plans. */
export async function storedDocuments(collections: Collections) {
  const read = async (name: 'users' | 'installations' | 'userInstallations' | 'messages') => {
    const documents = await collections[name].find({}).toArray();
    return documents
      .map((document) =>
        Object.fromEntries(
          Object.entries(document)
            .filter(([key]) => !OF_STATUS.includes(key))
            .map(([key, value]) => [key, Array.isArray(value) ? value.toSorted() : value]),
        ),
      )
      .sort((a, b) => (String(a._id) < String(b._id) ? -1 : 1));
  };
  return {
    users: await read('users'),
    installations: await read('installations'),
    userInstallations: await read('userInstallations'),
    messages: await read('messages'),
  };
}
