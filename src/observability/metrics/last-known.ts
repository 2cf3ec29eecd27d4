/**
 * Returns a function that returns the last result of `read`, and starts the next read. A scrape so
 * never waits for the database, and its value is as old as the scrape before.
 */
export function lastKnown<T>(read: () => Promise<T>): () => T | undefined {
  let last: T | undefined;
  let isReading = false;

  async function update(): Promise<void> {
    isReading = true;
    try {
      last = await read();
    } catch {
      // The database is unavailable, which other metrics report.
    } finally {
      isReading = false;
    }
  }

  return () => {
    if (!isReading) void update();
    return last;
  };
}
