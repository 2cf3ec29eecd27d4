import { readFileSync, writeFileSync } from 'node:fs';
import { limitSettings, settings } from '../dist/config/settings.js';
import { withSettings } from './settings-table.mjs';

// Writes the tables of settings in the README from their definitions.

const FILE = 'README.md';
const before = readFileSync(FILE, 'utf8');
writeFileSync(FILE, withSettings(before, { settings, limitSettings }));
