/**
 * Replaces the browser's language if it is no language tag (BCP 47): Chromium on a Linux with LANG=C,
 * as in containers, has `en-US@posix`. Libraries pass it to Intl, which throws.
 */
export function ensureValidLanguage(): void {
  try {
    Intl.getCanonicalLocales(navigator.language);
  } catch {
    const { locale } = new Intl.DateTimeFormat().resolvedOptions();
    Object.defineProperty(navigator, 'language', { value: locale, configurable: true });
  }
}
