import { randomUUID } from 'node:crypto';
import { catalog, definitionByName } from '../../catalog/catalog.ts';
import type { EventDefinition } from '../../catalog/define-event.ts';
import type { JsonObject, JsonValue } from '../../catalog/json.ts';
import { toJsonLine } from '../../catalog/json-line.ts';
import { faultsOf, MALFORMED_TYPE_NAME } from '../../catalog/well-formed.ts';
import { ConnectionLostError } from '../../client/connection-lost-error.ts';
import { readBytes } from '../../client/read-bounded.ts';
import { parseDelivery } from '../../webhook/parse-delivery.ts';
import { CommandError } from '../command-error.ts';
import { describePosition } from '../describe-positions.ts';
import { findServerUrl, findSigner } from '../find-server.ts';
import { MAX_ANSWER_BYTES, postDelivery } from '../post-delivery.ts';
import { line, printable, type Terminal } from '../terminal.ts';

export interface SendOptions {
  /** `key=value` pairs for the payload. */
  set: string[];
  url?: string;
  secret?: string;
  json?: boolean;
  anyType?: boolean;
}

/**
 * Posts one correctly signed event, as the sender would, and prints the answer, and to standard error
 * what is malformed in its payload.
 *
 * @throws CommandError if the event is refused, or for an invalid option
 */
export async function send(terminal: Terminal, type: string, options: SendOptions): Promise<void> {
  const config = terminal.config();
  const definition = definitionByName.get(type);
  if (definition === undefined && !options.anyType) {
    throw new CommandError(
      `There is no event type ${type}. The types are:\n${catalog.map(({ name }) => `  ${name}`).join('\n')}\n` +
        '--any-type sends any other type.',
    );
  }
  const url = await findServerUrl(config, options.url);
  const signer = await findSigner(config, options.secret);
  const body = JSON.stringify({
    type,
    occurred_on: new Date().toISOString().replace('Z', '+00:00'),
    payload: { ...freshExample(definition), ...assignments(options.set, definition) },
  });
  const response = await postDelivery(url, body, signer(body), terminal.signal);
  const answer = await readAnswer(response);
  if (options.json) line(terminal.out, asJsonLine(answer));
  else line(terminal.out, printable(describeAnswer(response, answer)));
  if (!response.ok) throw new CommandError('The event was refused.');
  const parsed = parseDelivery(Buffer.from(body), new Date());
  const faults = parsed.kind === 'parsed' ? faultsOf(parsed.event) : [];
  if (faults.length === 0) return;
  line(terminal.err, `Readers get it as a ${MALFORMED_TYPE_NAME}:`);
  for (const fault of faults) line(terminal.err, `  ${fault}`);
}

async function readAnswer(response: Response): Promise<string> {
  try {
    return Buffer.from(await readBytes(response, MAX_ANSWER_BYTES)).toString();
  } catch (error) {
    if (error instanceof ConnectionLostError) throw new CommandError(error.message);
    throw error;
  }
}

/** Another program may answer with anything, also with what a terminal would obey. */
function asJsonLine(answer: string): string {
  try {
    return toJsonLine(JSON.stringify(JSON.parse(answer)));
  } catch {
    return printable(answer);
  }
}

/** The sender's example with new ids, so that it is not a duplicate. */
function freshExample(definition: EventDefinition | undefined): JsonObject {
  if (definition === undefined) return {};
  return Object.fromEntries(
    Object.entries(definition.example).map(([key, value]) => [
      key,
      definition.fields[key]?.kind === 'uuid' ? randomUUID() : value,
    ]),
  );
}

function assignments(set: string[], definition: EventDefinition | undefined): JsonObject {
  return Object.fromEntries(
    set.map((assignment) => {
      const [, key, value] = /^([^=]+)=(.*)$/s.exec(assignment) ?? [];
      if (key === undefined || value === undefined) {
        throw new CommandError(`--set: expected key=value, got ${assignment}`);
      }
      const kind = definition?.fields[key]?.kind;
      const isText = kind !== undefined && kind !== 'integer' && kind !== 'status';
      return [key, isText && value !== 'null' ? value : jsonOrText(value)];
    }),
  );
}

function jsonOrText(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function describeAnswer(response: Response, text: string): string {
  try {
    const answer = JSON.parse(text);
    // Another program than Eventline, such as behind `listen`.
    if (answer.status === undefined) return `${response.status} ${text}`;
    if (response.ok) {
      if (answer.status === 'erased')
        return `${response.status} erased: not stored, as its user was`;
      return `${response.status} ${answer.status}  ${describePosition(answer.position)}  id ${answer.id}`;
    }
    return `${response.status} ${answer.title}: ${answer.detail}`;
  } catch {
    return `${response.status} ${text}`;
  }
}
