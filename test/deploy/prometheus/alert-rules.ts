import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const FILE = join(import.meta.dirname, '../../../deploy/prometheus/alerts.yml');

export interface AlertRule {
  alert: string;
  expr: string;
  /** How long the expression must hold; undefined: the alert fires at once. */
  for?: string;
  labels: { severity: string };
  annotations: { summary: string; runbook_url: string };
}

/** The shipped rules. */
export const alertRules: readonly AlertRule[] = (
  parse(readFileSync(FILE, 'utf8')) as { groups: { rules: AlertRule[] }[] }
).groups.flatMap(({ rules }) => rules);
