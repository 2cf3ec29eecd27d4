import type { Locator } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { signToken } from '../../src/auth/sign-token.ts';
import { deliveryOf, JWT_SECRET } from '../utils/server.ts';
import { CLIENT_ID, CLIENT_SECRET, startProvider } from '../utils/start-provider.ts';
import { axeViolations } from './axe-violations.ts';
import { openLivePage } from './live-page.ts';
import { startWithBrowser } from './start-with-browser.ts';

async function startWithProvider() {
  const provider = await startProvider();
  provider.person = { scope: 'events:read pii:read' };
  const { server, browser, close } = await startWithBrowser({
    auth: {
      keys: { secrets: [JWT_SECRET] },
      userClaim: 'sub',
      signIn: {
        ...{ issuer: provider.issuer, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET },
        ...{ scopeClaim: undefined, userClaim: undefined },
      },
    },
  });
  onTestFinished(close);
  provider.register(`${server.url}/sign-in/callback`);
  await server.postRaw(deliveryOf('message_sent', { user_id: '42A' }));
  return { server, browser, provider };
}

const backgroundOf = (button: Locator) =>
  button.evaluate((element) => getComputedStyle(element).backgroundColor);

test('a person signs in where they were, and out of all pages', async () => {
  const { server, browser, provider } = await startWithProvider();
  const { page, errors } = await openLivePage(browser, `${server.url}/#/users/42A`, {
    allowedOrigins: [provider.issuer.origin],
  });
  const addresses: string[] = [];
  page.on('request', (request) => addresses.push(request.url()));
  // The account is the main way in, and the token is the second.
  const link = page.getByRole('link', { name: 'Sign in with your account' });
  const submit = page.getByRole('button', { name: 'Sign in' });
  expect(await backgroundOf(link)).not.toMatch(/^rgba\(|transparent/);
  expect(await backgroundOf(submit)).not.toBe(await backgroundOf(link));
  await link.click();
  await page.getByText('Events by type').waitFor();
  expect(page.url()).toBe(`${server.url}/#/users/42A`);

  // Another page of this browser needs no sign-in.
  const other = await page.context().newPage();
  await other.goto(server.url);
  await other.locator('.view .is-live').waitFor();

  // GraphiQL asks for a token when it runs something.
  await other.goto(`${server.url}/graphql`);
  await other.locator('.graphiql-tab-button', { hasText: 'LatestEvents' }).click();
  await other.locator('.graphiql-execute-button').click();
  await other.locator('.result-window').filter({ hasText: '42A' }).waitFor();

  await other.goto(server.url);
  await other.getByRole('button', { name: 'Account' }).click();
  await other.getByRole('menuitem', { name: 'Sign out' }).click();
  await other.getByRole('link', { name: 'Sign in with your account' }).waitFor();
  const third = await page.context().newPage();
  await third.goto(server.url);
  await third.getByRole('link', { name: 'Sign in with your account' }).waitFor();

  // Neither the address of the provider nor that of the server has contained the user or a token.
  const sent = addresses.join(' ');
  expect(sent).toContain('/sign-in/callback?code=');
  expect(sent).not.toMatch(/42A|eyJ/);
  expect(errors).toEqual([]);
});

test('a sign-in replaces a token that the server refuses, at any notation of the address', async () => {
  const { server, browser, provider } = await startWithProvider();
  const { page, errors } = await openLivePage(browser, `${server.url}//#/users/42A`, {
    allowedOrigins: [provider.issuer.origin],
  });
  const foreign = await signToken(JWT_SECRET.toUpperCase(), { scope: 'events:read' }, '1h');
  await page.getByLabel('Token').fill(foreign);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('The server does not take your token').waitFor();
  await page.getByRole('link', { name: 'Sign in with your account' }).click();
  await page.getByText('Events by type').waitFor();
  expect(page.url()).toBe(`${server.url}/#/users/42A`);
  expect(errors).toEqual([]);
});

test('a refused sign-in looks like the page, and the content policy lets it', async () => {
  const { server, browser } = await startWithProvider();
  const live = await openLivePage(browser, `${server.url}/sign-in/callback?state=x&code=y`);
  await live.page.getByRole('heading', { name: 'Not signed in' }).waitFor();
  const again = live.page.getByRole('link', { name: 'Try again' });
  expect(await backgroundOf(again)).not.toMatch(/^rgba\(|transparent/);
  expect(await axeViolations(live)).toEqual([]);
  expect(live.errors).toEqual([]);
});
