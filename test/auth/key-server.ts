import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

/** Signs a token with a generated key. */
export type Sign = (claims: JWTPayload) => Promise<string>;

/** A server that publishes keys and signs tokens with them. */
export interface KeyServer {
  url: URL;
  /** Number of requests for the keys. */
  asked(): number;
  /** Replaces all keys by a new one. Without a kid, tokens name none. */
  rotate(alg: string, kid?: string): Promise<Sign>;
  /** Adds a key. */
  add(alg: string, kid?: string): Promise<Sign>;
  /** Sets the answer to requests; undefined restores the keys. */
  answerWith(answer: { status: number; body: string } | undefined): void;
  close(): Promise<void>;
}

export async function startKeyServer(): Promise<KeyServer> {
  let keys: object[] = [];
  let asked = 0;
  let instead: { status: number; body: string } | undefined;
  const server = createServer((_, response) => {
    asked += 1;
    response.writeHead(instead?.status ?? 200, { 'Content-Type': 'application/json' });
    response.end(instead?.body ?? JSON.stringify({ keys }));
  });
  async function add(alg: string, kid?: string): Promise<Sign> {
    const { publicKey, privateKey } = await generateKeyPair(alg);
    const named = kid === undefined ? {} : { kid };
    keys.push({ ...(await exportJWK(publicKey)), ...named, alg, use: 'sig' });
    return (claims) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg, ...named })
        .setExpirationTime('2h')
        .sign(privateKey);
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`),
    asked: () => asked,
    rotate(alg, kid) {
      keys = [];
      return add(alg, kid);
    },
    add,
    answerWith(answer) {
      instead = answer;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
