import { useWidth } from '../words/use-width.ts';

/** Width in pixels below which a row has two lines. */
const NARROW = 640;

/** Observes whether an element is narrow; a drawer beside it leaves more or less. */
export function useNarrow(): { place: (element: HTMLElement | null) => void; isNarrow: boolean } {
  const { place, width } = useWidth(innerWidth);
  return { place, isNarrow: width < NARROW };
}
