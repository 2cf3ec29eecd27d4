import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { renderAlertFiles } from './deploy/render-alert-files.mjs';

// Writes the files of deploy/ that repeat the alert rules.

const files = renderAlertFiles(readFileSync('deploy/prometheus/alerts.yml', 'utf8'));
for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
