import { markdownTable } from './markdown-table.mjs';

/** Defaults that describe a value. */
const DESCRIPTIONS = new Set(['embedded', 'own', 'generated', 'forever']);

/** Renders the table of settings. */
export function renderSettings(settings) {
  const isValue = (text) => /^[\w.-]+$/.test(text) && !DESCRIPTIONS.has(text);
  return markdownTable(
    ['name', 'default', 'meaning'],
    settings.map(({ name, byDefault, meaning }) => [
      `\`${name}\``,
      isValue(byDefault) ? `\`${byDefault}\`` : byDefault,
      meaning,
    ]),
  );
}

/** Renders the table of limits. */
export function renderLimits(limitSettings) {
  return markdownTable(
    ['name', 'default', 'limits'],
    limitSettings.map(({ name, byDefault, meaning }) => [`\`${name}\``, byDefault, meaning]),
  );
}
