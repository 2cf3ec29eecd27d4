import { catalog } from '../catalog.ts';

const personalKeys: ReadonlySet<string> = new Set(
  catalog.flatMap(({ fields }) =>
    Object.entries(fields)
      .filter(([, { personal }]) => personal)
      .map(([key]) => bare(key)),
  ),
);

/**
 * True for a key of a payload, at any depth and of any type, under which some type of the catalog
 * has declared something personal. However it is written: what the sender has not documented yet may
 * say `mobilePhone` or `E-Mail`.
 */
export function isPersonalKey(key: string): boolean {
  return personalKeys.has(bare(key));
}

/** Letters and digits alone: `mobile_phone`, `Mobile-Phone` and the like in full width are one. */
function bare(key: string): string {
  return key
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
