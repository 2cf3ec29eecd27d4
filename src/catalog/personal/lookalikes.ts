/** Letters of other scripts that look like Latin ones, in the order of LATIN (Unicode TR 39). */
const LOOKALIKES = 'ı' + 'асеһіјкмопрѕтухАВСЕНІЈКМОРЅТУХ' + 'αεικνορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ';
const LATIN = 'i' + 'acehijkmonpstyxABCEHIJKMOPSTYX' + 'aeikvoptuxABEZHIKMNOPTYX';

const latinOf = new Map([...LOOKALIKES].map((letter, index) => [letter, LATIN.charAt(index)]));
const anyLookalike = new RegExp(`[${LOOKALIKES}]`, 'g');

/** Returns a text with Latin letters in place of Cyrillic and Greek ones that look the same. */
export function withoutLookalikes(text: string): string {
  return text.replace(anyLookalike, (letter) => latinOf.get(letter) ?? letter);
}
