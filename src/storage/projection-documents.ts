import mongoose from 'mongoose';
import type { UserStatus } from '../catalog/user-status.ts';

/**
 * Projections: documents for the lists of users, installations and messages, for which the log has
 * no index. They derive from events only and can be rebuilt (`derive-changes.ts`).
 */
export interface ProjectionDocument {
  /** Position of the first event that named the subject; it is the sort key and cursor of lists. */
  position: number;
  lastPosition: number;
  /** Earliest instant; all instants in these documents are credible ones (`credibleInstant`). */
  firstSeen: Date;
  lastSeen: Date;
}

/** A user, in the collection `users`. */
export interface UserDocument extends ProjectionDocument {
  /** The sender's id. */
  _id: string;
  /** The current plan; absent without a login or change of plan. */
  status?: UserStatus;
  /** The events of the latest instants that decide about it. */
  statusSteps?: StatusStepDocument[];
}

/** A user's plan after an event. */
interface StatusStepDocument {
  occurredOn: Date;
  /** The same with all digits (`instantKey`). */
  instant: string;
  position: number;
  /** The sender's integer, and the one before the event if the event has it. */
  code: number;
  from?: number | undefined;
}

/** An installation, in the collection `installations`. */
export interface InstallationDocument extends ProjectionDocument {
  /** Lower case. */
  _id: string;
  /** Distinct values from its creation events; several only if those events differ. */
  osNames?: string[];
  countryCodes?: string[];
  /** The first creation, and the first login on it. */
  createdOn?: Date;
  firstLoginOn?: Date;
  /** The last removal. */
  uninstalledOn?: Date;
}

/**
 * A user on an installation, in the collection `userInstallations`: the installation according to
 * this user's events only.
 */
export interface UserInstallationDocument extends InstallationDocument {
  /** `<installation>:<user>`; the first part always has 36 characters. */
  _id: string;
  userId: string;
  installationId: string;
}

/** A message according to one user's events, in the collection `messages`. */
export interface MessageDocument extends ProjectionDocument {
  /** `<message>:<user>`; the first part always has 36 characters. */
  _id: string;
  messageId: string;
  userId: string;
  /** The first `message_sent`; absent without one. */
  sentOn?: Date;
  readOn?: Date;
  /** Distinct values from its events; several only if those events differ. */
  specialities?: string[];
  professionalIds?: number[];
}

/**
 * A contact of a user, in the collection `userContacts`, by which users are found: an e-mail address
 * or a phone number that a declared personal field of an event has.
 */
export interface UserContactDocument extends ProjectionDocument {
  /** `<contact>:<user>`; the first part always has 22 characters. */
  _id: string;
  /** A keyed hash (`createContactHash`). */
  contact: string;
  userId: string;
}

/** Checkpoint of the projections; one document, `_id: "views"`, in `meta`. */
export interface ProjectionStateDocument {
  _id: 'views';
  /** All events up to this position are applied. */
  foldedUpTo: number;
  /** Version of the rules that derived the documents. */
  rules?: number;
  /** Number of chunks of outdated documents that were removed. */
  cleared?: number;
}

const { Mixed } = mongoose.Schema.Types;

const seen = {
  _id: { type: String, required: true },
  position: { type: Number, required: true },
  lastPosition: { type: Number, required: true },
  firstSeen: { type: Date, required: true },
  lastSeen: { type: Date, required: true },
};

/** The collections of the projections. */
export const projectionNames = [
  'users',
  'installations',
  'userInstallations',
  'messages',
  'userContacts',
] as const;

/** The models of the projections with their members; their indexes are in indexes.ts. */
const models = {
  User: { collection: 'users', members: { status: String, statusSteps: Mixed } },
  Installation: { collection: 'installations', members: {} },
  UserInstallation: {
    collection: 'userInstallations',
    members: { userId: String, installationId: String },
  },
  Message: {
    collection: 'messages',
    members: { messageId: String, userId: String, sentOn: Date, readOn: Date, specialities: Mixed },
  },
  UserContact: { collection: 'userContacts', members: { contact: String, userId: String } },
} as const;

/** Registers the models of the projections. */
export function registerProjections(
  connection: mongoose.Connection,
  options: mongoose.SchemaOptions,
): mongoose.Model<unknown>[] {
  return Object.entries(models).map(([name, { collection, members }]) => {
    const schema = new mongoose.Schema({ ...seen, ...members }, { ...options, collection });
    return connection.model(name, schema) as unknown as mongoose.Model<unknown>;
  });
}
