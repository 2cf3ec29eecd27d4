/** A resource with several concurrent users, released after the last use. */
export interface SharedUse {
  /**
   * Begins a use. Returns a function that ends it; repeated calls have no effect.
   * @param onReclaim called when others need the memory: the use must end soon
   */
  begin(onReclaim?: () => void): () => void;
  /** Asks all users to end their use. */
  reclaim(): void;
  /** Number of uses. */
  size(): number;
}

/** @param onUnused called whenever the last use has ended */
export function createSharedUse(onUnused: () => void): SharedUse {
  const uses = new Set<{ onReclaim: (() => void) | undefined }>();
  return {
    begin(onReclaim) {
      const use = { onReclaim };
      uses.add(use);
      return () => {
        if (uses.delete(use) && uses.size === 0) onUnused();
      };
    },
    reclaim() {
      for (const { onReclaim } of [...uses]) onReclaim?.();
    },
    size: () => uses.size,
  };
}
