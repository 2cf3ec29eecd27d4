import mongoose from 'mongoose';

/** All that a database holds, collection by collection, as raw BSON. */
export async function storedBytes(mongodbUri: string): Promise<Map<string, Buffer>> {
  const client = await new mongoose.mongo.MongoClient(mongodbUri).connect();
  try {
    const database = client.db();
    const found = new Map<string, Buffer>();
    for (const { name } of await database.listCollections().toArray()) {
      const raw = await database.collection(name).find({}, { raw: true }).toArray();
      found.set(name, Buffer.concat(raw as unknown as Buffer[]));
    }
    return found;
  } finally {
    await client.close();
  }
}

/** The collections in which any of these texts is, each with the text. */
export async function placesOf(mongodbUri: string, texts: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const [name, bytes] of await storedBytes(mongodbUri)) {
    for (const text of texts) if (bytes.includes(text)) found.push(`${name}: ${text}`);
  }
  return found;
}
