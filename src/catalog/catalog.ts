import type { EventDefinition } from './define-event.ts';
import { appOpened } from './events/app-opened.ts';
import { appUninstalled } from './events/app-uninstalled.ts';
import { installationCreated } from './events/installation-created.ts';
import { messageRead } from './events/message-read.ts';
import { messageSent } from './events/message-sent.ts';
import { userFirstLoggedIn } from './events/user-first-logged-in.ts';
import { userLoggedIn } from './events/user-logged-in.ts';
import { userStatusChanged } from './events/user-status-changed.ts';

/**
 * The event types in the sender's documentation, in its order. A new type is one more file and one more line
 * here.
 */
export const catalog: readonly EventDefinition[] = [
  messageSent,
  messageRead,
  installationCreated,
  appOpened,
  appUninstalled,
  userLoggedIn,
  userFirstLoggedIn,
  userStatusChanged,
];

/** Definitions by the sender's name of the type. */
export const definitionByName: ReadonlyMap<string, EventDefinition> = new Map(
  catalog.map((definition) => [definition.name, definition]),
);

/** The keys of payloads in the sender's documentation, of all types. */
export const declaredKeys: readonly string[] = [
  ...new Set(catalog.flatMap(({ fields }) => Object.keys(fields))),
];

/** The stored `type` of an event whose type is not in the catalog. */
export const UNKNOWN = 'unknown';
