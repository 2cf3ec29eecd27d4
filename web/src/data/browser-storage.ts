export type TextStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Texts of this tab; they survive a reload. */
export const tabStore = openStore(() => sessionStorage);

/** Texts of this browser. */
export const browserStore = openStore(() => localStorage);

/** A browser that blocks the storage throws at its first use: then texts are kept until a reload. */
function openStore(open: () => Storage): TextStore {
  try {
    return open();
  } catch {
    const texts = new Map<string, string>();
    return {
      getItem: (key) => texts.get(key) ?? null,
      setItem: (key, text) => void texts.set(key, text),
      removeItem: (key) => void texts.delete(key),
    };
  }
}
