type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'comma or close';

/**
 * Finds the position of a JSON syntax error (RFC 8259), for the message only. JSON.parse decides
 * whether there is one, but its message lacks the position or quotes the text, which is personal
 * data. Not recursive, so any depth works.
 *
 * @returns the index of the first invalid character (the text's length if the text ends early), or
 * undefined for valid JSON
 */
export function syntaxErrorOffset(text: string): number | undefined {
  const closers: string[] = [];
  let expected: Expected = 'value';
  let index = 0;
  for (;;) {
    while (' \t\n\r'.includes(text.charAt(index)) && index < text.length) index++;
    const char = text.charAt(index);
    if (char === '') {
      return closers.length === 0 && expected === 'comma or close' ? undefined : index;
    }
    const closer = closers.at(-1);

    if (expected === 'colon') {
      if (char !== ':') return index;
      expected = 'value';
      index++;
    } else if (char === closer && expected !== 'value' && expected !== 'key') {
      closers.pop();
      expected = 'comma or close';
      index++;
    } else if (expected === 'comma or close') {
      if (char !== ',' || closer === undefined) return index;
      expected = closer === '}' ? 'key' : 'value';
      index++;
    } else if (expected === 'key' || expected === 'key or }') {
      if (char !== '"') return index;
      const token = readString(text, index);
      if (!token.whole) return token.end;
      expected = 'colon';
      index = token.end;
    } else if (char === '{' || char === '[') {
      closers.push(char === '{' ? '}' : ']');
      expected = char === '{' ? 'key or }' : 'value or ]';
      index++;
    } else {
      const token = readScalar(text, index);
      if (!token.whole) return token.end;
      expected = 'comma or close';
      index = token.end;
    }
  }
}

/** The valid part of a token ends at `end`; `whole` means that the token is complete there. */
interface Token {
  end: number;
  whole: boolean;
}

function readScalar(text: string, start: number): Token {
  const char = text.charAt(start);
  if (char === '"') return readString(text, start);
  if (char === 't') return readWord(text, start, 'true');
  if (char === 'f') return readWord(text, start, 'false');
  if (char === 'n') return readWord(text, start, 'null');
  return readNumber(text, start);
}

function readWord(text: string, start: number, word: string): Token {
  let length = 0;
  while (length < word.length && text[start + length] === word[length]) length++;
  return { end: start + length, whole: length === word.length };
}

/** Matches any prefix of a number; the number is complete if it ends in a digit. */
const NUMBER = /-?(?:(?:0|[1-9]\d*)(?:\.(?:\d+(?:[eE][+-]?\d*)?)?|[eE][+-]?\d*)?)?/y;

function readNumber(text: string, start: number): Token {
  NUMBER.lastIndex = start;
  const found = NUMBER.exec(text)?.[0] ?? '';
  return { end: start + found.length, whole: /\d$/.test(found.slice(-1)) };
}

function readString(text: string, start: number): Token {
  let index = start + 1;
  for (;;) {
    const char = text.charAt(index);
    if (char === '"') return { end: index + 1, whole: true };
    if (char < ' ') return { end: index, whole: false };
    index++;
    if (char !== '\\') continue;
    const letter = text.charAt(index);
    if (letter === '' || !'"\\/bfnrtu'.includes(letter)) return { end: index, whole: false };
    index++;
    if (letter !== 'u') continue;
    for (const end = index + 4; index < end; index++) {
      if (!/[0-9a-fA-F]/.test(text.charAt(index))) return { end: index, whole: false };
    }
  }
}
