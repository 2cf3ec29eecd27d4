import type mongoose from 'mongoose';
import type { Collection } from '../../src/storage/models.ts';

export interface SentFind {
  query: Record<string, unknown>;
  options: mongoose.mongo.FindOptions;
}

/** Returns the collection, wrapped to record all queries sent through it. */
export function watchFinds<T extends object>(collection: Collection<T>) {
  const sent: SentFind[] = [];
  const watched = new Proxy(collection, {
    get(target, name) {
      if (name !== 'find') return Reflect.get(target, name);
      return (query: SentFind['query'], options: mongoose.mongo.FindOptions) => {
        sent.push({ query, options });
        return target.find(query as never, options);
      };
    },
  });
  return { watched, sent };
}

interface Stage {
  stage?: string;
  queryPlan?: Stage;
  inputStage?: Stage;
  inputStages?: Stage[];
}

/**
 * Returns the stages of a query plan, or undefined where they are meaningless: SecantusDB's explain
 * reports a collection scan although its query uses an index, so only a mongod is checked.
 */
export async function stagesOf<T extends object>(
  collection: Collection<T>,
  { query, options }: SentFind,
): Promise<string[] | undefined> {
  const plan = await collection.find(query as never, options).explain('executionStats');
  return plan.serverInfo.host === 'secantus' ? undefined : named(plan.queryPlanner.winningPlan);
}

function named(plan: Stage): string[] {
  const below = [plan.queryPlan, plan.inputStage, ...(plan.inputStages ?? [])];
  return [plan.stage ?? '', ...below.flatMap((stage) => (stage ? named(stage) : []))];
}
