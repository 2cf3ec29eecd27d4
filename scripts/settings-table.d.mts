import type { Setting } from '../src/config/settings.ts';
export function withSettings(
  document: string,
  of: { settings: readonly Setting[]; limitSettings: readonly Setting[] },
): string;
