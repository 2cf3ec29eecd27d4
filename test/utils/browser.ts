import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { access, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

/** Timeout of one browser action, below a test's own, so that a failure names the action. Milliseconds. */
export const BROWSER_PATIENCE_MS = 300_000;

/**
 * Starts a headless browser: `CHROME_PATH`, else an installed Chrome or Chromium, else the npm
 * package, which needs no system package. Works as root and in containers. The caller closes it.
 */
export async function launchBrowser(): Promise<Browser> {
  const installed = findInstalledChrome();
  // The sandbox needs user namespaces or a user other than root; the tests only open their own
  // pages.
  const args = ['--no-sandbox', '--disable-setuid-sandbox', '--disable-dev-shm-usage'];
  const timeout = BROWSER_PATIENCE_MS;
  if (installed) return chromium.launch({ executablePath: installed, args, timeout });
  const directory = await unpackChromium();
  return chromium.launch({
    executablePath: join(directory, 'chromium'),
    args: [...args, '--no-zygote', '--disable-gpu'],
    timeout,
    env: {
      ...process.env,
      // System libraries and a font for the browser, which a bare machine lacks.
      LD_LIBRARY_PATH: join(directory, 'al2023', 'lib'),
      FONTCONFIG_FILE: join(directory, 'fonts.conf'),
    },
  });
}

function findInstalledChrome(): string | undefined {
  const { CHROME_PATH } = process.env;
  if (CHROME_PATH) {
    if (existsSync(CHROME_PATH)) return CHROME_PATH;
    throw new Error(`CHROME_PATH names no file: ${CHROME_PATH}`);
  }
  return [
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ].find((path) => existsSync(path));
}

/**
 * Unpacks the npm browser once per version, beside the packages.
 *
 * The package unpacks file by file into the temporary directory, and mistakes a half-written file
 * for a finished one. So it runs in a process with its own temporary directory, which is renamed
 * when complete. Of two concurrent test workers one wins, and the other uses its result.
 */
async function unpackChromium(): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('No Chrome found: install one, or set CHROME_PATH to its program.');
  }
  const manifest = findPackage('@sparticuz/chromium');
  const { version } = createRequire(import.meta.url)(manifest);
  const cache = join(dirname(manifest), '..', '..', '.cache', 'eventline');
  const directory = join(cache, `chromium-${version}`);
  if (existsSync(directory)) return directory;

  await mkdir(cache, { recursive: true });
  const staging = await mkdtemp(join(cache, 'unpacking-'));
  try {
    const unpack = `import('@sparticuz/chromium').then((it) => it.default.executablePath())`;
    await promisify(execFile)(process.execPath, ['-e', unpack], {
      cwd: dirname(manifest),
      // This variable makes it unpack the libraries too.
      env: { ...process.env, TMPDIR: staging, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' },
    });
    await writeFile(join(staging, 'fonts.conf'), fontsConfiguration(directory));
    await rename(staging, directory).catch(async (cause) => {
      await access(directory).catch(() => Promise.reject(cause));
    });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return directory;
}

/** Returns the path of a package's manifest, which its `exports` may hide. */
function findPackage(name: string): string {
  const places = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const manifest = places
    .map((place) => join(place, name, 'package.json'))
    .find((path) => existsSync(path));
  if (!manifest) throw new Error(`${name} is not installed: run npm ci`);
  return manifest;
}

function fontsConfiguration(directory: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(directory, 'fonts')}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(directory, 'fonts-cache')}</cachedir>
</fontconfig>
`;
}
