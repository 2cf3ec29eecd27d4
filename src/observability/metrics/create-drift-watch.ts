import { definitionByName, UNKNOWN } from '../../catalog/catalog.ts';
import type { StoredEvent } from '../../catalog/event.ts';

/** Maximum number of new names that are logged; further ones are only counted. */
const MAX_NAMES = 500;
/** The form of the sender's names. Other names could contain personal data and are not logged. */
const PLAIN_NAME = /^[a-z][a-z_.]{0,63}$/;

export interface Drift {
  kind:
    | 'unknown_type'
    | 'undeclared_member'
    | 'undeclared_field'
    | 'missing_field'
    | 'malformed_field';
  /** A type of the catalog, or UNKNOWN. */
  type: string;
}

export interface DriftWatchOptions {
  /** Called for each event that the catalog does not fully describe. */
  onDrift: (drift: Drift) => void;
  /** Called for the first occurrence of a type or field since the start. */
  onNew: (drift: Drift & { name: string }) => void;
}

/**
 * Compares events with the catalog, so that a new type or field of the sender is noticed when it
 * first appears.
 */
export function createDriftWatch({ onDrift, onNew }: DriftWatchOptions) {
  const seen = new Set<string>();

  function notice(drift: Drift, name: string): void {
    const key = `${drift.type} ${drift.kind} ${name}`;
    if (seen.has(key) || seen.size >= MAX_NAMES) return;
    seen.add(key);
    onNew({ ...drift, name: PLAIN_NAME.test(name) ? name : '(not a plain name)' });
  }

  function report(drift: Drift, names: readonly string[]): void {
    if (names.length > 0) onDrift(drift);
    for (const name of names) notice(drift, name);
  }

  return function watch({ type, typeName, payload, extra }: StoredEvent): void {
    if (extra !== null) report({ kind: 'undeclared_member', type }, Object.keys(extra));
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
    report({ kind: 'undeclared_field', type }, undeclared);
    report({ kind: 'missing_field', type }, missing);
    const malformed = Object.keys(fields).filter((key) => {
      const value = Object.hasOwn(payload, key) ? payload[key] : undefined;
      return !fields[key]?.isValid(value);
    });
    report({ kind: 'malformed_field', type }, malformed);
  };
}
