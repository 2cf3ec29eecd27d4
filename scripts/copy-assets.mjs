import { chmodSync, cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';

// Copies the files that the code reads next to itself, and that tsc omits, into the output folder of
// tsc, and makes the program executable: `npx eventline` needs that.

const ASSETS = ['embedded/requirements.txt'];

const [target] = process.argv.slice(2);
if (target === undefined) throw new Error('usage: node scripts/copy-assets.mjs FOLDER');
for (const asset of ASSETS) cpSync(join('src', asset), join(target, asset));
const program = join(target, 'main.js');
if (existsSync(program)) chmodSync(program, 0o755);
