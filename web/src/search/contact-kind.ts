/** What a text may be beside an id: the whole of an e-mail address or of a phone number. */
export type ContactKind = 'e-mail' | 'phone number';

const MIN_DIGITS = 7;

/** The server decides what is a contact; this tells what is worth asking. */
export function contactKind(text: string): ContactKind | undefined {
  if (/^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/.test(text)) return 'e-mail';
  const digits = text.match(/\d/g)?.length ?? 0;
  return digits >= MIN_DIGITS && /^[+\d\s()./'-]+$/.test(text) ? 'phone number' : undefined;
}
