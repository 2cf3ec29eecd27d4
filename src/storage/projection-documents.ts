import mongoose from 'mongoose';

/**
 * Derived documents: what lists of users, installations and messages need, which the log has no index
 * for. Each says only what the log's events say, and can be made from them again (`derive.ts`).
 */
export interface SeenDocument {
  /** Of the first event that named it: the order of lists, and their cursor. */
  position: number;
  lastPosition: number;
  /** By the sender's instants. */
  firstSeen: Date;
  lastSeen: Date;
}

/** A user, in the collection `users`. */
export interface UserDocument extends SeenDocument {
  /** The sender's id. */
  _id: string;
}

/** An installation, in the collection `installations`. */
export interface InstallationDocument extends SeenDocument {
  /** Lower case. */
  _id: string;
  /** All that its creation was ever told with: one each, unless the sender changes its mind. */
  osNames?: string[];
  countryCodes?: string[];
  /** The first time it was created, and the first login on it. */
  createdOn?: Date;
  firstLoginOn?: Date;
  /** The last time it was removed. */
  uninstalledOn?: Date;
}

/**
 * A user on an installation, in the collection `userInstallations`: the installation as this user's own
 * events alone have it.
 */
export interface UserInstallationDocument extends InstallationDocument {
  /** `<installation>:<user>`; the first has always 36 characters. */
  _id: string;
  userId: string;
  installationId: string;
}

/** A message as one user's events have it, in the collection `messages`. */
export interface MessageDocument extends SeenDocument {
  /** `<message>:<user>`; the first has always 36 characters. */
  _id: string;
  messageId: string;
  userId: string;
  /** The first time; absent while no event has told of it. */
  sentOn?: Date;
  readOn?: Date;
  /** All that its events named: one each, unless they differ. */
  specialities?: string[];
  professionalIds?: number[];
}

/** How far the derived documents have come; one document, `_id: "views"`, in `meta`. */
export interface ProjectionStateDocument {
  _id: 'views';
  /** All events up to this position are in them. */
  foldedUpTo: number;
}

const { Mixed } = mongoose.Schema.Types;

const seen = {
  _id: { type: String, required: true },
  position: { type: Number, required: true },
  lastPosition: { type: Number, required: true },
  firstSeen: { type: Date, required: true },
  lastSeen: { type: Date, required: true },
};

/** The name of each derived model, with its members; the indexes of their pages are in indexes.ts. */
const models = {
  User: { collection: 'users', members: {} },
  Installation: { collection: 'installations', members: {} },
  UserInstallation: {
    collection: 'userInstallations',
    members: { userId: String, installationId: String },
  },
  Message: {
    collection: 'messages',
    members: { messageId: String, userId: String, sentOn: Date, readOn: Date, specialities: Mixed },
  },
} as const;

/** Registers the derived models. */
export function registerProjections(
  connection: mongoose.Connection,
  options: mongoose.SchemaOptions,
): mongoose.Model<unknown>[] {
  return Object.entries(models).map(([name, { collection, members }]) => {
    const schema = new mongoose.Schema({ ...seen, ...members }, { ...options, collection });
    return connection.model(name, schema) as unknown as mongoose.Model<unknown>;
  });
}
