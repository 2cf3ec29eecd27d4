/** Parts of an IPv6 address that identify its network (/64). */
const NETWORK_PARTS = 4;

/**
 * Returns the key for limits per address: an IPv4 address itself, or the network of an IPv6 address
 * (/64, RFC 6177), since one host can use all addresses of its network.
 *
 * @param address `socket.remoteAddress`; undefined for a closed socket
 */
export function addressGroup(address = ''): string {
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.replace(/%.*$/, '').split('::', 2);
  const before = partsOf(head);
  const after = partsOf(tail ?? '');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const parts = [...before, ...Array<string>(zeros).fill('0'), ...after];
  return `${parts.slice(0, NETWORK_PARTS).join(':')}::/64`;
}

const partsOf = (text: string): string[] => (text === '' ? [] : text.split(':'));
