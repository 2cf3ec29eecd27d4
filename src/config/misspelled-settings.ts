import leven from 'leven';

/** Shorter names, such as `PORT`, resemble variables of other programs. Unit: characters. */
const MIN_LENGTH = 6;
/** Edits that turn one name into the other, at most; one in a name shorter than `LONG`. */
const MAX_EDITS = 2;
const LONG = 10;
const FILE = '_FILE';

/**
 * Returns a fault for each variable that is not a setting but resembles one. Ignoring it would
 * silently use the default: `RETENTION_DAY=3` would keep events forever.
 */
export function findMisspelledSettings(
  env: NodeJS.ProcessEnv,
  settings: readonly string[],
): string[] {
  const known = new Set(settings);
  return Object.entries(env).flatMap(([name, value]) => {
    if (known.has(name) || !value?.trim()) return [];
    if (name.endsWith(FILE) && known.has(name.slice(0, -FILE.length))) {
      return `${name}: no such setting; ${name.slice(0, -FILE.length)} cannot be in a file`;
    }
    const meant = settings.find((setting) => resembles(name.toUpperCase(), setting));
    return meant === undefined ? [] : `${name}: no such setting; did you mean ${meant}?`;
  });
}

function resembles(name: string, setting: string): boolean {
  if (setting.length < MIN_LENGTH) return false;
  const maxDistance = setting.length < LONG ? 1 : MAX_EDITS;
  return leven(name, setting, { maxDistance: maxDistance + 1 }) <= maxDistance;
}
