import type { FileSetting } from '../../config/secret-files.ts';
import { limitSettings, type Setting, settings } from '../../config/settings.ts';
import { table } from '../table.ts';
import { line, type Terminal } from '../terminal.ts';

/**
 * Prints the effective settings with the source of each value; secrets are hidden.
 *
 * @throws ConfigError when the configuration is invalid
 */
export function config(terminal: Terminal, { json }: { json?: boolean }): void {
  const effectiveValue = terminal.config();
  const { values, fromFile } = terminal.environment();
  const sourceOf = ({ name }: Setting) => {
    const path = effectiveValue.secretFiles[name as FileSetting];
    if (path !== undefined) return `file ${path}`;
    if (!values[name]?.trim()) return 'default';
    return fromFile.has(name) ? '.env' : 'environment';
  };
  const rows = [...settings, ...limitSettings].map((setting) => {
    const source = sourceOf(setting);
    const value = setting.effectiveValue(effectiveValue) ?? null;
    return { name: setting.name, value, source, byDefault: setting.byDefault };
  });
  if (json) {
    const shown = rows.map(({ name, value, source }) => ({ name, value, source }));
    line(terminal.out, JSON.stringify(shown, null, 2));
    return;
  }
  const cells = rows.map(({ name, value, source, byDefault }) => [
    name,
    source,
    value ?? (byDefault ? `(${byDefault})` : '(none)'),
  ]);
  for (const text of table([['NAME', 'FROM', 'VALUE'], ...cells])) line(terminal.out, text);
}
