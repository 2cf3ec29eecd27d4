import type { BenchDatabase } from './open-database.ts';
import type { BenchOptions } from './options.ts';

/** What every work gets. */
export interface Bench {
  options: BenchOptions;
  database: BenchDatabase;
  /** A line for whoever waits. */
  progress: (line: string) => void;
  /** Where CPU profiles go, if they are wanted. */
  profileDirectory: string | undefined;
  /** Contestants that failed, with why. */
  failures: string[];
}
