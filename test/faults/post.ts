/** Maximum time that the sender waits for an answer, in milliseconds. */
const TIMEOUT_MS = 15_000;

export interface Answer {
  status: number;
  body: Record<string, unknown>;
  /** From the first byte sent to the complete answer. */
  tookMs: number;
}

/** Posts a body once, like the sender; undefined without a complete answer. */
export async function post(
  url: string,
  { body, signature }: { body: string; signature: string | undefined },
): Promise<Answer | undefined> {
  const startedMs = performance.now();
  try {
    const response = await fetch(`${url}/webhooks/events`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        ...(signature !== undefined && { 'X-Signature': signature }),
      },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    return { status: response.status, body: answer, tookMs: performance.now() - startedMs };
  } catch {
    return undefined;
  }
}
