import { chmodSync, cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';

// Copies the files that the code reads beside itself, and that tsc leaves out, into the folder
// that tsc made of src, and makes the program executable: `npx eventline` needs that.

const ASSETS = ['embedded/requirements.txt'];

const [target] = process.argv.slice(2);
if (target === undefined) throw new Error('Call it as: node scripts/copy-assets.mjs FOLDER');
for (const asset of ASSETS) cpSync(join('src', asset), join(target, asset));
const program = join(target, 'main.js');
if (existsSync(program)) chmodSync(program, 0o755);
