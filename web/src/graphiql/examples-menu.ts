import { operationName } from './operation-name.ts';
import type { Example } from './read-opened.ts';

const MENU = 'examples';

/** Returns the HTML beside the logo: links by their texts, and a menu of the examples. */
export function renderTitle(
  examples: readonly Example[],
  links: Readonly<Record<string, string | undefined>>,
): string {
  const anchors = Object.entries(links).map(([text, url]) => url && `<a href="${url}">${text}</a>`);
  // A name consists of letters, digits and underscores.
  const names = examples.map(({ query }) => `<option>${operationName(query) ?? ''}</option>`);
  return `<span class="eventline">${anchors.join('')}<select id="${MENU}" aria-label="Examples">
<option value="">Examples</option>${names.join('')}</select></span>`;
}

/**
 * Makes the menu activate the tab of the chosen example. A tab that was closed is opened again as a
 * link opens an operation.
 */
export function openExamples(examples: readonly Example[]): void {
  document.addEventListener('change', ({ target }) => {
    if (!(target instanceof HTMLSelectElement) || target.id !== MENU) return;
    const name = target.value;
    target.value = '';
    const tabs = [...document.querySelectorAll<HTMLElement>('.graphiql-tab-button')];
    const tab = tabs.find(({ textContent }) => textContent === name);
    if (tab) return tab.click();
    const example = examples.find(({ query }) => operationName(query) === name);
    if (!example) return;
    const { query, variables = '' } = example;
    location.hash = new URLSearchParams({ query, variables }).toString();
    location.reload();
  });
}
