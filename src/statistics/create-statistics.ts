import { mapDatabaseError } from '../storage/map-database-error.ts';
import { type ArrivedType, type ArrivedTypesQuery, readArrivedTypes } from './arrived-types.ts';
import { type CountRow, type CountsQuery, countEvents } from './count-events.ts';
import { countFirstLogins, type FirstLoginRow, type FirstLoginsQuery } from './first-logins.ts';
import { countReadDelays, type ReadDelayRow, type ReadDelaysQuery } from './read-delays.ts';
import { createStatisticsRunner, type Seen, type StatisticsSource } from './run-pipeline.ts';

/** Statistics computed in the database; each answer describes one moment of the log. */
export interface Statistics {
  counts(query: CountsQuery): Promise<Seen<CountRow[]>>;
  readDelays(query: ReadDelaysQuery): Promise<Seen<ReadDelayRow[]>>;
  firstLogins(query: FirstLoginsQuery): Promise<Seen<FirstLoginRow[]>>;
  /** The number of stored events, from the database's statistics: it costs nothing. */
  total(): Promise<number>;
  /** Event types that have arrived, as the sender names them. */
  arrivedTypes(query: ArrivedTypesQuery): Promise<ArrivedType[]>;
}

/** Creates the statistics of a log. */
export function createStatistics(source: StatisticsSource): Statistics {
  const run = createStatisticsRunner(source);
  return {
    counts: (query) => countEvents(run, query),
    readDelays: (query) => countReadDelays(run, query),
    firstLogins: (query) => countFirstLogins(run, query),
    total: () => mapDatabaseError(source.events.estimatedDocumentCount()),
    arrivedTypes: (query) => readArrivedTypes(run, query),
  };
}
