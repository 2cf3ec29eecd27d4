/**
 * Characters that neither UTF-8 nor BSON can store are shown as the JSON escape that stands for them:
 * the six characters `\ud800` for a lone surrogate. Decision 3.
 */
const SHOWN = /\\u[\da-f]{4}/g;

/** Returns a text with each matched code unit shown as its JSON escape. */
export function showUnits(text: string, units: RegExp): string {
  return text.replace(units, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Returns a text without shown code units, so that they do not hide its words. */
export function withoutShownUnits(text: string): string {
  return text.includes('\\u') ? text.replace(SHOWN, ' ').trim() : text;
}
