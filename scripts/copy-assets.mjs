import { cpSync } from 'node:fs';
import { join } from 'node:path';

// Copies the files that the code reads beside itself, and that tsc leaves out, into the folder
// that tsc made of src.

const ASSETS = ['embedded/requirements.txt'];

const [target] = process.argv.slice(2);
if (target === undefined) throw new Error('Call it as: node scripts/copy-assets.mjs FOLDER');
for (const asset of ASSETS) cpSync(join('src', asset), join(target, asset));
