import mongoose from 'mongoose';

/** Returns the contents of a database as raw BSON, by collection. */
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

/** Returns the collections that contain any of these texts, with the text. */
export async function placesOf(mongodbUri: string, texts: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const [name, bytes] of await storedBytes(mongodbUri)) {
    for (const text of texts) if (bytes.includes(text)) found.push(`${name}: ${text}`);
  }
  return found;
}
