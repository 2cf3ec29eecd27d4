/** Content codings that change the bytes of a body (RFC 9110 §8.4.1 and IANA's registry). */
const CODINGS: ReadonlySet<string> = new Set([
  ...['gzip', 'x-gzip', 'deflate', 'compress', 'x-compress', 'br', 'zstd'],
  ...['bzip2', 'x-bzip2', 'lz4', 'lzma', 'xz', 'snappy', 'dcb', 'dcz'],
]);

/** First bytes of gzip, zstd, compress, xz and bzip2. JSON starts with none of them. */
const MAGIC = ['1f8b', '28b52ffd', '1f9d', 'fd377a585a00', '425a68'].map((hex) =>
  Buffer.from(hex, 'hex'),
);
/** First byte of zlib (RFC 1950) with the usual window; its first two bytes are a multiple of 31. */
const ZLIB = 0x78;
const ZLIB_MODULUS = 31;

/** Returns true if `Content-Encoding` names a compression; senders also write `UTF-8` or `none`. */
export function namesCompression(contentEncoding = ''): boolean {
  return contentEncoding
    .toLowerCase()
    .split(/[\s,]+/)
    .some((coding) => CODINGS.has(coding));
}

/** Returns true for bytes that start like a compressed body. */
export function looksCompressed(rawBody: Buffer): boolean {
  if (rawBody.length < 2) return false;
  if (MAGIC.some((magic) => rawBody.subarray(0, magic.length).equals(magic))) return true;
  return rawBody[0] === ZLIB && rawBody.readUInt16BE(0) % ZLIB_MODULUS === 0;
}
