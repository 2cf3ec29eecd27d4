import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

/** One who publishes keys and signs tokens with them. */
export interface KeyServer {
  url: URL;
  /** How many times the keys were asked for. */
  asked(): number;
  /** Makes a key, which takes the place of those before. */
  rotate(alg: 'RS256' | 'ES256', kid: string): Promise<(claims: JWTPayload) => Promise<string>>;
  /** What is answered instead of the keys; undefined: the keys. */
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
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`),
    asked: () => asked,
    async rotate(alg, kid) {
      const { publicKey, privateKey } = await generateKeyPair(alg);
      keys = [{ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }];
      return (claims) =>
        new SignJWT(claims)
          .setProtectedHeader({ alg, kid })
          .setExpirationTime('10m')
          .sign(privateKey);
    },
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
