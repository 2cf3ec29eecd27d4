/**
 * Replaces the browser's language if Intl does not accept it as a language tag (BCP 47). Chromium on Linux
 * has `en-US@posix` with LANG=C, as in containers, and `de-DE-x-lvariant-euro` with LANG=de_DE@euro.
 * Libraries pass it to Intl, which throws.
 */
export function ensureValidLanguage(): void {
  const { language } = navigator;
  if (isValid(language)) return;
  // The language and the region are before what describes a variant.
  const [base = ''] = language.split(/@|\.|-x-/, 1);
  const value = [base.replaceAll('_', '-'), 'en'].find(isValid);
  Object.defineProperty(navigator, 'language', { value, configurable: true });
}

function isValid(language: string): boolean {
  try {
    Intl.NumberFormat.supportedLocalesOf(language);
    return true;
  } catch {
    return false;
  }
}
