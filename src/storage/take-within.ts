/** Takes documents until the next one would exceed the bytes; the first is always taken. */
export async function takeWithin<Document extends { bytes: number }>(
  found: AsyncIterable<Document>,
  maxBytes: number,
): Promise<{ documents: Document[]; isCut: boolean }> {
  const documents: Document[] = [];
  let bytes = 0;
  for await (const document of found) {
    bytes += document.bytes;
    if (documents.length > 0 && bytes > maxBytes) return { documents, isCut: true };
    documents.push(document);
  }
  return { documents, isCut: false };
}
