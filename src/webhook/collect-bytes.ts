/**
 * Smaller chunks are copied into blocks, because each `Buffer` costs about 200 bytes of its own.
 */
const BLOCK_BYTES = 4 * 1024;
/** Maximum chunks of a body, plus one per 64 bytes: each chunk costs time, however small it is. */
const MIN_CHUNKS = 1_024;
const BYTES_PER_CHUNK = 64;

/** Collects the chunks of a body in at most twice its size and one block of memory. */
export function collectBytes() {
  let blocks: Buffer[] = [];
  /** The block that small chunks are copied into. */
  let open: Buffer | undefined;
  let usedBytes = 0;
  let sizeBytes = 0;
  let chunks = 0;

  /** Returns the size of the block that a chunk needs; 0 if it fits into the open block. */
  function blockFor({ length }: Buffer): number {
    if (open && usedBytes + length <= open.length) return 0;
    if (sizeBytes === 0 || length >= BLOCK_BYTES) return length;
    return Math.max(length, Math.min(sizeBytes, BLOCK_BYTES));
  }

  function close(): void {
    if (open) blocks.push(open.subarray(0, usedBytes));
    open = undefined;
  }

  return {
    /** Returns how many bytes of memory `add` takes for this chunk. */
    growthFor: blockFor,
    add(chunk: Buffer): void {
      const blockBytes = blockFor(chunk);
      if (blockBytes > 0) close();
      if (blockBytes === chunk.length) blocks.push(chunk);
      else {
        if (open === undefined) {
          open = Buffer.allocUnsafe(blockBytes);
          usedBytes = 0;
        }
        usedBytes += chunk.copy(open, usedBytes);
      }
      sizeBytes += chunk.length;
      chunks += 1;
    },
    /** Returns true for more chunks than a body of this size may have. */
    isScattered: (): boolean => chunks > MIN_CHUNKS + sizeBytes / BYTES_PER_CHUNK,
    size: (): number => sizeBytes,
    /** Returns all bytes; call it after the last chunk. */
    bytes(): Buffer {
      close();
      const [first] = blocks;
      return blocks.length === 1 && first ? first : Buffer.concat(blocks, sizeBytes);
    },
    clear(): void {
      blocks = [];
      open = undefined;
    },
  };
}
