/** More ranges would not be a summary. */
const MAX_RANGES = 6;

/** Returns ` at position 7`, ` at positions 3 to 5 and 9`, or an empty string. */
export function describePositions(positions: readonly number[]): string {
  const sorted = [...positions].sort((a, b) => a - b);
  const [first] = sorted;
  if (first === undefined) return '';
  if (sorted.length === 1) return ` at position ${first}`;
  const ranges: { from: number; to: number }[] = [];
  for (const position of sorted) {
    const last = ranges.at(-1);
    if (last && position === last.to + 1) last.to = position;
    else ranges.push({ from: position, to: position });
  }
  if (ranges.length > MAX_RANGES) return ` between positions ${first} and ${sorted.at(-1)}`;
  const texts = ranges.map(({ from, to }) => (from === to ? `${from}` : `${from} to ${to}`));
  const end = texts.pop();
  return ` at positions ${texts.length > 0 ? `${texts.join(', ')} and ${end}` : end}`;
}

/** `position 7`, or that there is none yet: another instance moves the event into the log. */
export function describePosition(position: number | undefined): string {
  return position === undefined ? 'no position yet' : `position ${position}`;
}
