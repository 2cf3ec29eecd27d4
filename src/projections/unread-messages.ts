/**
 * Returns the condition on stored messages for those that are unread (or read): a message is unread
 * while `readOn`, which `derive-changes.ts` takes from its `message_read` events, is null.
 */
export function unreadMessages(unread: boolean): { readOn: { $eq: null } | { $ne: null } } {
  return { readOn: unread ? { $eq: null } : { $ne: null } };
}
