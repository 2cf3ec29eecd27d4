import type { UserStatus } from '../generated/graphql.ts';

/** A user's plan. */
export function PlanBadge({ plan }: { plan: UserStatus | null | undefined }) {
  if (!plan) return null;
  return <span className={`badge plan-${plan.toLowerCase()}`}>{plan.toLowerCase()}</span>;
}
