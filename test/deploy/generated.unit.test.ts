import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
// @ts-expect-error a script of the project, without types
import { renderAlertFiles } from '../../scripts/deploy/render-alert-files.mjs';
import { fileSettings } from '../../src/config/secret-files.ts';

const read = (file: string) => readFileSync(join(import.meta.dirname, '../..', file), 'utf8');
const rules = read('deploy/prometheus/alerts.yml');
const files: Record<string, string> = renderAlertFiles(rules);

test.for(Object.keys(files))('%s matches the alert rules', (path) => {
  // If this fails, run `npm run generate`.
  expect(read(path)).toBe(files[path]);
});

test('the PrometheusRule has all groups', () => {
  const [path = ''] = Object.keys(files).filter((one) => one.includes('kubernetes'));
  expect(parse(read(path)).spec).toEqual(parse(rules));
});

test('the chart is for this version', () => {
  const chart = parse(read('deploy/helm/eventline/Chart.yaml'));
  expect(chart.appVersion).toBe(JSON.parse(read('package.json')).version);
});

test('the chart mounts as files what the server reads from files', () => {
  const { properties } = JSON.parse(read('deploy/helm/eventline/values.schema.json'));
  expect(properties.secretFiles.items.enum).toEqual(fileSettings);
});

test('the chart refuses the ports and the host of the image, and secrets, among its settings', () => {
  const schema = JSON.parse(read('deploy/helm/eventline/values.schema.json'));
  const isValid = new Ajv().compile(schema);
  const values = parse(read('deploy/helm/eventline/values.yaml'));
  const withSetting = (name: string) => ({ ...values, settings: { [name]: '8080' } });
  expect(isValid(values)).toBe(true);
  expect(isValid(withSetting('RETENTION_DAYS'))).toBe(true);
  for (const name of ['HOST', 'PORT', 'METRICS_PORT', ...fileSettings]) {
    expect(isValid(withSetting(name))).toBe(false);
  }
});

test('the chart replaces the address of the runbooks in the rules', () => {
  const [, address = ''] =
    /replace "([^"]+)" \.Values/.exec(read('deploy/helm/eventline/templates/monitoring.yaml')) ??
    [];
  const copy = read('deploy/helm/eventline/files/alerts.yml');
  expect(copy.split(address)).toHaveLength(copy.split('runbook_url').length);
  const { metrics } = parse(read('deploy/helm/eventline/values.yaml'));
  expect(metrics.prometheusRule.runbooks).toBe(address);
});
