import { expect } from 'vitest';
import { ConfigError, readConfig } from '../../src/config/config.ts';

/** Returns the faults of an environment, one per line. */
export function faultsOf(env: NodeJS.ProcessEnv): string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const [title, ...faults] = error.message.split('\n');
    expect(title).toBe('The configuration is not right:');
    return faults.map((fault) => fault.trim());
  }
  return [];
}
