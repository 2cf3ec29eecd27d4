import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signToken } from '../../src/auth/sign-token.ts';
import { JWT_SECRET, type TestServer } from '../utils/server.ts';
import { axeViolations } from './axe-violations.ts';
import { type LivePage, openLivePage } from './live-page.ts';
import { startWithBrowser } from './start-with-browser.ts';

const INSTALLATION = 'ba55ab42-9d09-4fbe-805e-ac91e62cae3f';
const MESSAGE = 'eda7c7ba-58d6-4943-9ebe-d0a8e4a7443e';
let server: TestServer;
let browser: Browser;
let close: () => Promise<void>;
let eventId: string;
beforeAll(async () => {
  ({ server, browser, close } = await startWithBrowser());
  const on = { user_id: 'sought', installation_id: INSTALLATION };
  await server.post('installation_created', { installation_id: INSTALLATION });
  await server.post('user_logged_in', on);
  ({
    body: { id: eventId },
  } = await server.post('message_sent', { ...on, message_id: MESSAGE }));
});
afterAll(() => close?.());

async function open(token: string): Promise<LivePage> {
  const live = await openLivePage(browser, `${server.url}/`);
  await live.signIn(token);
  await live.live();
  return live;
}

test('an id leads to its user, installation, message or event by the keyboard alone', async () => {
  const live = await open(await server.token());
  const { page } = live;
  for (const [shortcut, id, result, heading] of [
    ['/', 'sought', /^User sought/, 'User sought'],
    ['Control+k', INSTALLATION.toUpperCase(), /^Installation/, `Installation ${INSTALLATION}`],
    ['/', MESSAGE, /^Message.*unread$/, `Message ${MESSAGE}`],
    ['Control+k', eventId, /^Event/, 'message sent'],
  ] as const) {
    await page.keyboard.press(shortcut);
    const palette = page.getByRole('dialog', { name: 'Search' });
    await palette.waitFor();
    await page.keyboard.insertText(id);
    await palette.getByRole('menuitem', { name: result }).waitFor();
    expect(await axeViolations(live)).toEqual([]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await palette.waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: heading }).waitFor();
  }
  // The last ones are offered before anything is typed.
  await page.keyboard.press('Control+k');
  await page.getByRole('menuitem', { name: /^User sought/ }).click();
  await page.waitForURL(/#\/users\/sought$/);
  expect(live.errors).toEqual([]);
  await live.close();
});

test('what one person opened from the search is not offered to the next one', async () => {
  const live = await openLivePage(browser, `${server.url}/`);
  const { page } = live;
  const scope = 'events:read';
  await live.signIn(await server.token({ scope }));
  await page.getByRole('button', { name: /^Search/ }).click();
  await page.getByRole('searchbox').fill('sought');
  await page.getByRole('menuitem', { name: /^User sought/ }).click();
  await page.waitForURL(/#\/users\/sought$/);
  const ended = await signToken(JWT_SECRET, { scope }, '1 minute ago');
  await page.evaluate((token) => {
    Reflect.get(globalThis, 'sessionStorage').setItem('eventline:live-page:token', token);
  }, ended);
  await page.reload();
  await page.getByRole('heading', { name: 'Your token has ended' }).waitFor();
  await live.signIn(await server.token({ sub: 'somebody-else' }));
  await page.getByRole('heading', { name: 'Your token has ended' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: /^Search/ }).click();
  await page.getByText('Type or paste a whole id.').waitFor();
  expect(await page.getByRole('menuitem', { name: /^User sought/ }).count()).toBe(0);
  await live.close();
});

test('what does not exist, and what the token may not see, is not found alike', async () => {
  const live = await open(await server.token({ sub: 'somebody-else' }));
  const { page } = live;
  await page.getByRole('button', { name: /^Search/ }).click();
  for (const id of ['nobody', 'sought', MESSAGE, eventId]) {
    await page.getByRole('searchbox').fill(id);
    await page.getByText('Nothing that you may see has this id').waitFor();
    await page.getByRole('searchbox').fill('');
    await page.getByText('Type or paste a whole id.').waitFor();
  }
  await page.getByRole('searchbox').fill(MESSAGE.slice(0, 8));
  await page.getByText('Lists show the first 8 characters only').waitFor();
  await page.getByRole('searchbox').fill('');
  await page.keyboard.press('Escape');
  // Another bearer does not see what was searched.
  await live.signOut();
  expect(await page.evaluate(() => Reflect.get(globalThis, 'sessionStorage').length)).toBe(0);
  expect(live.errors).toEqual([]);
  await live.close();
});

const EMAIL = 'sought@mail.example';
const PHONE = '666123123';
const contactOf = (user_id: string) => ({
  ...{ user_id, installation_id: INSTALLATION, email: `${user_id}@mail.example` },
  ...{ mobile_phone: PHONE, mobile_phone_prefix: '34' },
});

test('with pii:read an e-mail or a phone leads to the user, and is in no address', async () => {
  await server.post('user_first_logged_in', contactOf('sought'));
  await server.post('user_first_logged_in', contactOf('relative'));
  const live = await open(await server.token({ scope: 'events:read pii:read' }));
  const { page } = live;
  const requested: string[] = [];
  page.on('request', (request) => requested.push(request.url()));
  await page.keyboard.press('/');
  const palette = page.getByRole('dialog', { name: 'Search' });
  await palette.getByText('Type or paste a whole id, e-mail or phone number.').waitFor();
  await page.keyboard.insertText(EMAIL.toUpperCase());
  await palette.getByRole('menuitem', { name: /^User sought with this e-mail/ }).waitFor();
  expect(await palette.getByRole('menuitem').count()).toBe(1);
  expect(await axeViolations(live)).toEqual([]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'User sought' }).waitFor();
  await page.waitForURL(/#\/users\/sought$/);
  await page.locator('.timeline [data-id]').first().waitFor();

  // A number of several users lists them all.
  await page.keyboard.press('Control+k');
  const recent = palette.getByRole('menuitem', { name: /^User sought/ });
  expect(await recent.textContent()).not.toMatch(/e-mail|last seen/);
  await page.getByRole('searchbox').fill('+34 666-123-123');
  await palette.getByRole('menuitem', { name: /^User relative with this phone number/ }).waitFor();
  await palette.getByRole('menuitem', { name: /^User sought with this phone number/ }).waitFor();
  for (const [contact, kind] of [
    ['nobody@mail.example', 'e-mail'],
    ['699000111', 'phone number'],
  ]) {
    await page.getByRole('searchbox').fill(contact ?? '');
    await palette.getByText(`No user that you may see has this ${kind}`).waitFor();
  }
  // Not a number to the server: no user, and no fault.
  await page.getByRole('searchbox').fill('0000000');
  await palette.getByText('No user that you may see has this phone number').waitFor();
  await page.keyboard.press('Escape');
  const kept = await page.evaluate(() => JSON.stringify(Reflect.get(globalThis, 'sessionStorage')));
  for (const text of [...requested, page.url(), kept]) {
    expect(decodeURIComponent(text).toLowerCase()).not.toMatch(/mail\.example|666.?123.?123/);
  }
  expect(live.errors).toEqual([]);
  await live.close();
});

test('without pii:read the search says which scope it needs, for everyone alike', async () => {
  const live = await open(await server.token({ scope: 'events:read' }));
  const { page } = live;
  const bodies: string[] = [];
  page.on('request', (request) => bodies.push(request.postData() ?? ''));
  await page.getByRole('button', { name: /^Search/ }).click();
  for (const contact of [EMAIL, 'nobody@mail.example', PHONE]) {
    await page.getByRole('searchbox').fill(contact);
    await page.getByText(/To find a user by .*, the token needs the scope pii:read\./).waitFor();
    await page.getByRole('searchbox').fill('');
    await page.getByText('Type or paste a whole id.').waitFor();
  }
  expect(bodies.filter((body) => body.includes('usersByContact'))).toEqual([]);
  expect(live.errors).toEqual([]);
  await live.close();
});

test('a message says whether and when it was read, and follows it live', async () => {
  const message = '11111111-2222-4333-8444-555555555555';
  const of = { user_id: 'reader', message_id: message };
  const { body } = await server.post('message_sent', of);
  // Another message of the same conversation, which is read: this one is still unread.
  const other = { ...of, message_id: '11111111-2222-4333-8444-666666666666' };
  const { body: otherRead } = await server.post('message_read', other);
  const live = await openLivePage(browser, `${server.url}/#/messages/${message}`);
  const { page } = live;
  await live.signIn(await server.token());
  await page.locator('.identity .badge').getByText('unread', { exact: true }).waitFor();
  const summaryIn = (id: string) => page.locator(`.timeline [data-id="${id}"] .summary`);
  await page.getByRole('heading', { name: /^Conversation with professional \d+$/ }).waitFor();
  expect(await summaryIn(body.id).textContent()).toMatch(/^this message · /);
  expect(await summaryIn(otherRead.id).textContent()).not.toContain('this message');
  await server.post('message_read', of);
  await page.locator('.identity .badge').getByText('read', { exact: true }).waitFor();
  await page
    .locator('dd')
    .getByText(/after it was sent$/)
    .waitFor();
  expect(live.errors).toEqual([]);
  await live.close();
});

test('an id is found as it was copied, and one Escape closes the search', async () => {
  const live = await open(await server.token());
  const { page } = live;
  const palette = page.getByRole('dialog', { name: 'Search' });
  for (const [text, result] of [
    ['"sought",', /^User sought/],
    [`\u200b{${INSTALLATION}}`, /^Installation/],
    [MESSAGE.replaceAll('-', ''), /^Message/],
    [`${server.url}/#/messages/${MESSAGE}`, /^Message/],
  ] as const) {
    await page.keyboard.press('/');
    await palette.waitFor();
    await page.keyboard.insertText(text);
    await palette.getByRole('menuitem', { name: result }).waitFor();
    await page.keyboard.press('Escape');
    await palette.waitFor({ state: 'detached' });
  }
  await page.keyboard.press('/');
  await page.keyboard.insertText(MESSAGE.slice(0, 13));
  await page.getByText('Lists show the first 8 characters only').waitFor();
  expect(live.errors).toEqual([]);
  await live.close();
});
