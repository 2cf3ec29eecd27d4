/** Configurations and key sets have some kilobytes, answers with claims a little more. Unit: bytes. */
const MAX_BYTES = 1024 * 1024;

/**
 * Requests something of a token issuer, as `fetch` does. Reading the answer fails after 1 MiB: one
 * without an end would fill the memory until the time limit of the request.
 */
export async function boundedFetch(url: string, init: object): Promise<Response> {
  const response = await fetch(url, init);
  let bytes = 0;
  const bounds = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) throw new RangeError(`the answer has more than ${MAX_BYTES} bytes`);
      controller.enqueue(chunk);
    },
  });
  return new Response(response.body?.pipeThrough(bounds) ?? null, response);
}
