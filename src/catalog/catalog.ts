import type { EventDefinition } from './define-event.ts';
import { appOpened } from './events/app-opened.ts';
import { appUninstalled } from './events/app-uninstalled.ts';
import { installationCreated } from './events/installation-created.ts';
import { messageRead } from './events/message-read.ts';
import { messageSent } from './events/message-sent.ts';
import { userFirstLoggedIn } from './events/user-first-logged-in.ts';
import { userLoggedIn } from './events/user-logged-in.ts';
import { userStatusChanged } from './events/user-status-changed.ts';

/** The event types of the sender's page, in its order. A ninth is one more file and line. */
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

/** The definition by the sender's name of the type. */
export const definitionByName: ReadonlyMap<string, EventDefinition> = new Map(
  catalog.map((definition) => [definition.name, definition]),
);

/** What the log keeps as `type` for an event whose type is not in the catalog. */
export const UNKNOWN = 'unknown';
