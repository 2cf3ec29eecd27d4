import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';

/** As the card where people sign in on the live page. */
const STYLE = `
:root { color-scheme: light dark; font: 14px / 1.45 system-ui, sans-serif; }
body { margin: 0; background: light-dark(#f6f7f9, #101117); color: light-dark(#1a1c25, #e8e9f0); }
main {
  box-sizing: border-box; width: min(36em, 100% - 32px); margin: 64px auto 16px; padding: 16px;
  border: 1px solid light-dark(#4338ca, #a5a8ff); border-radius: 10px;
  background: light-dark(#fff, #181a22); overflow-wrap: anywhere;
}
h1 { margin: 0; font-size: 16px; }
p { margin: 8px 0 0; }
.buttons { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; }
a { color: light-dark(#4338ca, #a5a8ff); text-underline-offset: 2px; }
a.main {
  padding: 4px 13px; border-radius: 6px; text-decoration: none;
  background: light-dark(#4338ca, #a5a8ff); color: light-dark(#fff, #14152a);
}
:focus-visible { outline: 2px solid light-dark(#4338ca, #a5a8ff); outline-offset: 2px; }
`;

/** The page may load nothing; only its own style applies. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Answers a browser with a page that says why it is not signed in. With a request id, it says that the
 * log has the details.
 */
export function refusalPage(
  response: ServerResponse,
  status: number,
  message: string,
  requestId?: string,
): void {
  const details = requestId && `The log of the server has the details under the id ${requestId}.`;
  const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>Not signed in · Eventline</title>
    <style>${STYLE}</style>
  </head>
  <body>
    <main>
      <h1>Not signed in</h1>
      <p>${escapeHtml(message)}</p>
      ${details === undefined ? '' : `<p>${escapeHtml(details)}</p>`}
      <p class="buttons">
        <a class="main" href="/sign-in">Try again</a> <a href="/">Back to the page</a>
      </p>
    </main>
  </body>
</html>
`;
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': POLICY,
    'Cache-Control': 'no-store',
  });
  response.end(html);
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
