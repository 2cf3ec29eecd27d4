/**
 * Timeout for code under test that waits for the machine, in milliseconds: longer than any test.
 * Tests about a timeout set their own.
 */
export const PATIENCE_MS = 900_000;
