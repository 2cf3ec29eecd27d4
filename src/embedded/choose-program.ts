import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseProgram, EmbeddedKind } from './database-program.ts';
import { readDatabaseRecord } from './database-record.ts';
import { EmbeddedUnavailableError } from './errors.ts';
import { findProgram, type SearchOptions } from './find-program.ts';
import { NEWEST_PYTHON } from './find-python.ts';
import { readRequirements } from './read-requirements.ts';

/** Order of preference. A download happens only when requested. */
const AUTOMATIC: readonly EmbeddedKind[] = ['mongod', 'secantusd-rs', 'secantusdb'];

const KINDS: Record<EmbeddedKind, { folder: string; name: string }> = {
  mongod: { folder: 'mongod', name: 'MongoDB' },
  download: { folder: 'mongod', name: 'MongoDB' },
  'secantusd-rs': { folder: 'secantusd-rs', name: 'secantusd-rs (SecantusDB in Rust)' },
  secantusdb: { folder: 'secantusdb', name: 'SecantusDB in Python' },
};

/**
 * Chooses the database program: the first kind that is available. A directory that already holds a
 * log keeps the kind that wrote it, since another one would start empty.
 *
 * @throws EmbeddedUnavailableError with the complete message if none is available.
 */
export async function chooseProgram(
  choice: 'auto' | 'download',
  options: SearchOptions,
): Promise<DatabaseProgram> {
  const candidates = choice === 'auto' ? AUTOMATIC : (['download'] as const);
  const holding = await kindsOfTheLog(options.dataDir);
  const allowed =
    holding.length === 0 ? candidates : candidates.filter((kind) => holding.includes(kind));
  const reasons: string[] = [];
  for (const kind of allowed) {
    const found = await findProgram(kind, options);
    if (typeof found === 'string') {
      reasons.push(found);
      continue;
    }
    // Earlier kinds never need an installation, so looking for them is cheap.
    for (const other of candidates.slice(0, candidates.indexOf(kind))) {
      const preferred = allowed.includes(other) ? '' : await findProgram(other, options);
      if (typeof preferred === 'string') continue;
      options.progress(
        `Staying with ${KINDS[kind].name}, which wrote the log in ${options.dataDir}, ` +
          `although there is ${preferred.label}`,
      );
    }
    return found;
  }
  if (holding.length > 0) throw heldByAnother(choice, holding, options.dataDir, reasons);
  throw nothingFound(choice, reasons);
}

/** The kinds whose log the directory holds; both servers store it with WiredTiger. */
async function kindsOfTheLog(dataDir: string): Promise<EmbeddedKind[]> {
  const holding: EmbeddedKind[] = [];
  for (const [kind, { folder }] of Object.entries(KINDS)) {
    const file = join(dataDir, folder, 'WiredTiger');
    const found = await stat(file).catch(() => undefined);
    if (found !== undefined) holding.push(kind as EmbeddedKind);
  }
  // With two logs, use the one written last.
  const last = (await readDatabaseRecord(dataDir))?.kind;
  if (last === undefined || !holding.includes(last)) return holding;
  return holding.filter((kind) => KINDS[kind].folder === KINDS[last].folder);
}

function heldByAnother(
  choice: 'auto' | 'download',
  holding: EmbeddedKind[],
  dataDir: string,
  reasons: string[],
): EmbeddedUnavailableError {
  const names = [...new Set(holding.map((kind) => KINDS[kind].name))].join(' and ');
  const request = choice === 'download' ? 'a downloaded MongoDB was requested' : undefined;
  const why = [request, ...reasons].filter((reason) => reason !== undefined).join('; ');
  const byDownload = choice === 'auto' && holding.includes('download');
  const ways = [
    `make ${names} available again`,
    ...(choice === 'download' ? ['unset EMBEDDED_MONGODB'] : []),
    ...(byDownload ? ['set EMBEDDED_MONGODB=download'] : []),
    'set DATA_DIR to another directory, for a log that starts empty',
    'set MONGODB_URI to a MongoDB that runs elsewhere',
  ];
  return new EmbeddedUnavailableError(
    `${dataDir} holds a log written by ${names}, which cannot be started (${why}). ` +
      `Nothing was changed. One of these helps:\n${list(ways)}`,
  );
}

function nothingFound(choice: 'auto' | 'download', reasons: string[]): EmbeddedUnavailableError {
  const attempts = reasons.map((reason) => `  - ${reason.replaceAll('\n', '\n    ')}`).join('\n');
  const ways = [
    `set MONGODB_URI to a MongoDB 6 or newer that runs as a replica set`,
    'install MongoDB, so that mongod is on the PATH',
    `install Python 3.10 or newer, up to ${NEWEST_PYTHON} (for SecantusDB ${readRequirements().version})`,
  ];
  if (choice === 'download') ways.push('unset EMBEDDED_MONGODB, to use what this machine has');
  return new EmbeddedUnavailableError(
    `MONGODB_URI is not set, and there is no database to start here:\n${attempts}\n` +
      `One of these helps:\n${list(ways)}`,
  );
}

function list(ways: string[]): string {
  return ways.map((way, index) => `  ${index + 1}. ${way}`).join('\n');
}
