import { readFile } from 'node:fs/promises';
import { type GraphQLError, parse, validate } from 'graphql';
import { ConfigError } from '../../config/config.ts';
import { schema } from '../../schema/schema.ts';
import type { PersistedOperations } from './persisted-operations.ts';

/**
 * Reads the list of persisted operations: a JSON object from ids to documents, as codegen
 * (`persistedDocuments`) and the Relay compiler (`persistConfig.file`) write it.
 *
 * @throws ConfigError with the file and each entry that is not a valid document for this schema
 */
export async function readPersistedOperations(file: string): Promise<PersistedOperations> {
  const refuse = (faults: string[]) =>
    new ConfigError(faults.map((fault) => `PERSISTED_OPERATIONS: ${file}: ${fault}`));
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw refuse([`cannot be read (${(error as NodeJS.ErrnoException).code})`]);
  }
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    throw refuse(['is not JSON']);
  }
  if (typeof list !== 'object' || list === null || Array.isArray(list)) {
    throw refuse(['expected an object of ids to documents: {"<hash>": "query …"}']);
  }
  const entries = Object.entries(list);
  if (entries.length === 0) throw refuse(['holds no operation, so nothing could run']);
  const faults = entries.flatMap(([id, document]) => {
    const fault = faultOf(document);
    return fault === undefined ? [] : [`entry ${JSON.stringify(id)}: ${fault}`];
  });
  if (faults.length > 0) throw refuse(faults);
  return new Map(entries);
}

/** Returns why a document cannot run on this schema, if so. */
function faultOf(document: unknown): string | undefined {
  if (typeof document !== 'string') return 'expected the text of a document';
  try {
    return validate(schema, parse(document))[0]?.message;
  } catch (error) {
    return (error as GraphQLError).message;
  }
}
