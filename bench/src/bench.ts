import type { BenchDatabase } from './open-database.ts';
import type { BenchOptions } from './options.ts';

/** What every task needs. */
export interface Bench {
  options: BenchOptions;
  database: BenchDatabase;
  /** Prints one line of progress. */
  progress: (line: string) => void;
  /** The directory for CPU profiles, if they are wanted. */
  profileDirectory: string | undefined;
  /** Contestants that failed, with the reason; tasks add to it. */
  failures: string[];
}
