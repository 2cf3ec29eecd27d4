import type { Connect, UserConfig } from 'vite';

export interface Backend {
  /** The Eventline server; `/graphql` is proxied to it, WebSockets included. */
  eventlineUrl: string;
  /** Returns the token for `/token`. */
  signToken: () => Promise<string>;
}

/** Configures Vite with the routes that a frontend's own backend would have. */
export function withBackend({ eventlineUrl, signToken }: Backend): UserConfig {
  const answerToken: Connect.NextHandleFunction = (_request, response) => {
    signToken().then(
      (token) => response.setHeader('Content-Type', 'text/plain').end(token),
      (error) => {
        response.statusCode = 500;
        response.end(String(error));
      },
    );
  };
  const proxy = { '/graphql': { target: eventlineUrl, ws: true } };
  return {
    // A cache per page, so that several can be served at once.
    cacheDir: 'node_modules/.vite',
    server: { host: '127.0.0.1', proxy },
    preview: { host: '127.0.0.1', proxy },
    plugins: [
      {
        name: 'token',
        configureServer: ({ middlewares }) => void middlewares.use('/token', answerToken),
        configurePreviewServer: ({ middlewares }) => void middlewares.use('/token', answerToken),
      },
    ],
  };
}
