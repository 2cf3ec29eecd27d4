import { readdir, readFile, readlink } from 'node:fs/promises';

const ESTABLISHED = '01';
const DEFAULT_PORT = 27_017;

/**
 * Returns how many connections to its database a process has open, or 0 where that cannot be read
 * (it needs Linux). The driver keeps as many as were ever needed at once, so they do not count as
 * leaked by readers.
 */
export async function databaseSockets(
  pid: number | undefined,
  mongodbUri: string,
): Promise<number> {
  const [, hosts = ''] = /^mongodb(?:\+srv)?:\/\/(?:[^@/]*@)?([^/?]+)/.exec(mongodbUri) ?? [];
  const ports = new Set(hosts.split(',').map((host) => Number(host.split(':')[1] ?? DEFAULT_PORT)));
  if (pid === undefined || process.platform !== 'linux') return 0;
  const directory = `/proc/${pid}/fd`;
  const files = await readdir(directory);
  const links = await Promise.all(
    files.map((file) => readlink(`${directory}/${file}`).catch(() => '')),
  );
  const own = new Set(links.map((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1]));
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8').catch(() => '')),
  );
  return tables
    .flatMap((table) => table.split('\n').slice(1))
    .filter((row) => {
      const [, , remote, state, , , , , , inode] = row.trim().split(/\s+/);
      const port = Number.parseInt(remote?.split(':')[1] ?? '', 16);
      return state === ESTABLISHED && ports.has(port) && own.has(inode);
    }).length;
}
