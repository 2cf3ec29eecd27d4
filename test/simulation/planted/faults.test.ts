import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { plantedFaults } from './faults.ts';
import { plant } from './plant.ts';

test('the text of every planted fault is in the sources', () => {
  expect(plantedFaults.length).toBeGreaterThanOrEqual(30);
  for (const fault of plantedFaults) {
    const source = readFileSync(fault.file, 'utf8');
    expect(plant(fault, source), fault.name).not.toBe(source);
  }
});
