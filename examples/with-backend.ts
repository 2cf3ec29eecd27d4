import type { Connect, UserConfig } from 'vite';

export interface Backend {
  /** Where Eventline is; `/graphql` leads to it, WebSockets too. */
  eventlineUrl: string;
  /** Gives what `/token` answers. */
  signToken: () => Promise<string>;
}

/** Vite with what a frontend's own backend would do beside its pages. */
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
    // Each page its own, so that several can be open at once.
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
