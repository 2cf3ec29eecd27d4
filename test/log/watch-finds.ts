import type mongoose from 'mongoose';
import type { Collection } from '../../src/storage/models.ts';

export interface SentFind {
  query: Record<string, unknown>;
  options: mongoose.mongo.FindOptions;
}

/** The same collection, and all that is found in it through that, as it is sent. */
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
 * The stages of the plan of a query; undefined where they say nothing: SecantusDB's explain names a
 * scan of the collection where its find takes an index, so that only a mongod tells.
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
