import { createFetcher } from './create-fetcher.ts';
import { createStorage } from './create-storage.ts';
import { openExamples, renderTitle } from './examples-menu.ts';
import { type Example, readOpened } from './read-opened.ts';

/** What the server writes into the page, as JSON in elements with these ids. */
interface PageData {
  config: {
    endpoint: string;
    /** JSON text for the headers editor. */
    headers: string;
    logo: string;
    tabs: readonly Example[];
    token?: string;
    /** URL of the live page, if it is served. */
    livePage?: string;
    /** URL where people sign in, if there is a provider and no token. */
    signIn?: string;
  };
  /** The texts of Monaco's workers, by their names. */
  workers: Record<string, string>;
}

/** The bundle that the page loads after this script. */
declare const YogaGraphiQL: {
  renderYogaGraphiQL(root: Element | null, options: object): void;
};

function read<Id extends keyof PageData>(id: Id): PageData[Id] {
  return JSON.parse(document.querySelector(`#${id}`)?.textContent ?? '');
}

// Monaco requests its workers by name; blobs of inlined text keep them off the network.
Object.assign(globalThis, {
  MonacoEnvironment: {
    globalAPI: false,
    getWorkerUrl: (_: unknown, label: string) =>
      URL.createObjectURL(new Blob([read('workers')[label] ?? ''], { type: 'text/javascript' })),
  },
});

document.addEventListener('DOMContentLoaded', () => {
  const { endpoint, headers, logo, tabs, token, livePage, signIn } = read('config');
  const opened = readOpened(headers);
  YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), {
    title: renderTitle(tabs, {
      'Live page': livePage,
      'Sign in': signIn && `${signIn}?from=graphiql`,
    }),
    logo,
    headers,
    defaultTabs: [...(opened ? [opened] : []), ...tabs.map((tab) => ({ ...tab, headers }))],
    // The headers hold the token, which people beside the screen should not read.
    defaultEditorToolsVisibility: 'variables',
    shouldPersistHeaders: Boolean(token),
    storage: createStorage({ ...(token && { token }), opened, examples: tabs }),
    fetcher: createFetcher(endpoint, signIn),
    // Yoga's wrapper copies the query to the address and back, which adds a tab at each reload.
    initialQuery: undefined,
    onEditQuery() {},
  });
  openExamples(tabs);
});
