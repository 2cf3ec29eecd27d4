import type { Message } from '../../projections/messages.ts';
import { builder } from '../builder.ts';
import { totalCountField } from './total-count.ts';

/** Represents a user; its fields are loaded on demand. */
export class UserNode {
  readonly userId: string;

  constructor(userId: string) {
    this.userId = userId;
  }
}

/** Represents an installation. */
export class InstallationNode {
  readonly installationId: string;

  constructor(installationId: string) {
    this.installationId = installationId;
  }
}

/** Represents a message, whose few fields are loaded with it. */
export class MessageNode {
  readonly message: Message;

  constructor(message: Message) {
    this.message = message;
  }
}

// Separate from the implementations, since the types refer to each other.
export const UserRef = builder.objectRef<UserNode>('User');
export const InstallationRef = builder.objectRef<InstallationNode>('Installation');
export const MessageRef = builder.objectRef<MessageNode>('Message');

const connectionOf = (name: string, description: string) => ({
  name: `${name}Connection`,
  description,
});
const TOTAL_NOTE =
  "Items whose events retention has removed may be counted for a minute. Null with a filter, below another object, and for a token that sees one user's events, where a scan would be needed.";
const edgeOf = (name: string, description: string) => ({ name: `${name}Edge`, description });

export const UserEdge = builder.edgeObject({
  type: UserRef,
  ...edgeOf('User', 'A user in a page, with a cursor.'),
});
export const UserConnection = builder.connectionObject(
  {
    type: UserRef,
    ...connectionOf(
      'User',
      'A page of users. Example: `users(first: 10) { edges { node { userId } } }`.',
    ),
    fields: (f) => ({ totalCount: f.field(totalCountField(TOTAL_NOTE)) }),
  },
  UserEdge,
);
export const InstallationEdge = builder.edgeObject({
  type: InstallationRef,
  ...edgeOf('Installation', 'An installation in a page, with a cursor.'),
});
export const InstallationConnection = builder.connectionObject(
  {
    type: InstallationRef,
    ...connectionOf(
      'Installation',
      'A page of installations. Example: `installations(last: 10) { edges { node { osName } } }`.',
    ),
    fields: (f) => ({ totalCount: f.field(totalCountField(TOTAL_NOTE)) }),
  },
  InstallationEdge,
);
export const MessageEdge = builder.edgeObject({
  type: MessageRef,
  ...edgeOf('Message', 'A message in a page, with a cursor.'),
});
export const MessageConnection = builder.connectionObject(
  {
    type: MessageRef,
    ...connectionOf(
      'Message',
      'A page of messages. Example: `messages(filter: { unread: true }, first: 10) { edges { node { sentOn } } }`.',
    ),
    fields: (f) => ({ totalCount: f.field(totalCountField(TOTAL_NOTE)) }),
  },
  MessageEdge,
);
