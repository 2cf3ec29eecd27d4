import { definitionByName, UNKNOWN } from '../../catalog/catalog.ts';
import type { StoredEvent } from '../../catalog/event.ts';

/** New names that are told of; what comes after so many is counted and not told. */
const MOST_NAMES = 500;
/** What the sender's names look like. Another one may be anybody's id or name: it is not told. */
const PLAIN_NAME = /^[a-z][a-z_.]{0,63}$/;

export interface Drift {
  kind: 'unknown_type' | 'undeclared_field' | 'missing_field';
  /** A type of the catalog, or UNKNOWN. */
  type: string;
}

export interface DriftWatchOptions {
  /** Told of each event that the catalog does not describe wholly. */
  onDrift: (drift: Drift) => void;
  /** Told when a type or a field is seen for the first time since the start. */
  onNew: (drift: Drift & { name: string }) => void;
}

/**
 * Compares events with the catalog, so that a new type or a new field at the sender is noticed on the
 * day on which it appears.
 */
export function createDriftWatch({ onDrift, onNew }: DriftWatchOptions) {
  const seen = new Set<string>();

  function notice(drift: Drift, name: string): void {
    const key = `${drift.type} ${drift.kind} ${name}`;
    if (seen.has(key) || seen.size >= MOST_NAMES) return;
    seen.add(key);
    onNew({ ...drift, name: PLAIN_NAME.test(name) ? name : '(not a plain name)' });
  }

  function tell(drift: Drift, names: readonly string[]): void {
    if (names.length > 0) onDrift(drift);
    for (const name of names) notice(drift, name);
  }

  return function watch({ type, typeName, payload }: StoredEvent): void {
    if (type === UNKNOWN) {
      const drift = { kind: 'unknown_type', type } as const;
      onDrift(drift);
      notice(drift, typeName);
      return;
    }
    const fields = definitionByName.get(type)?.fields;
    if (fields === undefined) return;
    const undeclared = Object.keys(payload).filter((key) => !Object.hasOwn(fields, key));
    const missing = Object.keys(fields).filter((key) => !Object.hasOwn(payload, key));
    tell({ kind: 'undeclared_field', type }, undeclared);
    tell({ kind: 'missing_field', type }, missing);
  };
}
