import type { Plot, Table } from '../report/report.ts';

/** One quantity that is measured against a growing load. */
export interface GrowthPart {
  note: string;
  tables: Table[];
  plots: Plot[];
}
