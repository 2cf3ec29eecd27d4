import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';

export interface PlainAnswer {
  status: number | undefined;
  headers: IncomingMessage['headers'];
  text: string;
}

/** A GET with any headers; unlike fetch it sends the given Host and Origin. */
export async function get(url: string, headers: Record<string, string> = {}): Promise<PlainAnswer> {
  const request = httpRequest(url, { headers }).end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  return { status: response.statusCode, headers: response.headers, text };
}
