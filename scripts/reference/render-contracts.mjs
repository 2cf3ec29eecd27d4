import { markdownTable } from './markdown-table.mjs';

/**
 * Renders the list of contracts, and the operations of the AsyncAPI document.
 *
 * @param {{ createContracts: Function, CONTRACTS_PATH: string }} code
 * @param {string} version
 */
export function renderContracts({ createContracts, CONTRACTS_PATH }, version) {
  const contracts = createContracts(version);
  const documents = markdownTable(
    ['document', 'in the repository', 'from a server'],
    contracts.map(({ title, path }) => [
      title,
      `[contracts/${path}](../../contracts/${path})`,
      `\`${CONTRACTS_PATH}/${path}\``,
    ]),
  );
  const { document } = contracts.find(({ path }) => path === 'asyncapi.json');
  return { contracts: documents, messages: renderMessages(document) };
}

function renderMessages({ operations, channels, components }) {
  const resolve = ($ref) => components.messages[$ref.split('/').at(-1)];
  const rows = Object.entries(operations).flatMap(([operation, { channel }]) => {
    const { address, messages } = channels[channel.$ref.split('/').at(-1)];
    return Object.values(messages).map(({ $ref }) => {
      const { title, summary, payload } = resolve($ref);
      const required = payload.properties.payload.required.map((key) => `\`${key}\``);
      return [operation, `\`${address}\``, `\`${title}\``, summary, required.join(' ')];
    });
  });
  return markdownTable(
    ['operation', 'address', 'message', 'meaning', 'required in `payload`'],
    rows,
  );
}
