import type { ServerResponse } from 'node:http';

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
    <meta name="viewport" content="width=device-width" />
    <meta name="color-scheme" content="light dark" />
    <title>Not signed in · Eventline</title>
  </head>
  <body>
    <h1>Not signed in</h1>
    <p>${escapeHtml(message)}</p>
    ${details === undefined ? '' : `<p>${escapeHtml(details)}</p>`}
    <p><a href="/sign-in">Try again</a> · <a href="/">Back to the page</a></p>
  </body>
</html>
`;
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
  });
  response.end(html);
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
