import { followEvents } from './follow-events.js';

const MAX_SHOWN = 200;
const status = document.querySelector('[role=status]');
const list = document.querySelector('ol');
// `?server=http://127.0.0.1:4000` selects another server, which must list this page in ALLOWED_ORIGINS.
const server = new URLSearchParams(location.search).get('server') ?? location.origin;

/** Returns a token from your own backend; only it can sign one. */
async function token() {
  const response = await fetch('/token', { cache: 'no-store' });
  if (!response.ok) throw new Error(`/token answered ${response.status}`);
  return response.text();
}

function show(text) {
  status.textContent = text;
}

show('connecting');
try {
  for await (const event of followEvents({ url: `${server}/graphql`, token, onState: show })) {
    const item = document.createElement('li');
    item.dataset.cursor = event.cursor;
    item.textContent = `${event.occurredOn} ${event.typeName} ${event.userId ?? ''}`;
    list.prepend(item);
    if (list.childElementCount > MAX_SHOWN) list.lastElementChild.remove();
  }
} catch (error) {
  show(error.message);
}
