import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';
import { userAgents } from './catalogue.ts';

const [usualAgent] = userAgents[0] ?? [];

const launchArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  // A closed network refuses these, many at a time.
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Headless Chromium, out of npm unless another one is named, with its usual web security. `hostRules` says which names are
 * which ports of this machine. Rejects when it cannot start or opens no page.
 */
export async function launchChromium(hostRules: string, executable?: string): Promise<Browser> {
  // Set here and not for a page: what a closing page sends last carries the browser's own name.
  const args = [...launchArgs, `--host-resolver-rules=${hostRules}`, `--user-agent=${usualAgent?.text ?? ''}`];
  const executablePath = executable ?? (await unpackChromium());
  const browser = await chromium.launch({ executablePath, args, headless: true });
  try {
    await (await browser.newPage()).close();
    return browser;
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/**
 * Path of the Chromium out of npm. The package unpacks into tmpdir() and takes a file of that name for complete, so two processes would
 * race: unpack aside and put the whole folder in place by one rename.
 */
export async function unpackChromium(): Promise<string> {
  const home = join(tmpdir(), `throughline-chromium-${packageVersion()}`);
  const binary = join(home, 'chromium');
  if (existsSync(binary)) return binary;
  const draft = mkdtempSync(`${home}-`);
  const usual = process.env.TMPDIR;
  process.env.TMPDIR = draft;
  const unpacked = sparticuz.executablePath();
  if (usual === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = usual;
  await unpacked;
  try {
    renameSync(draft, home);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(binary)) throw error;
  }
  return binary;
}

// A newer package must not run the binary an older one has left.
function packageVersion(): string {
  let folder = dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium'));
  while (!existsSync(join(folder, 'package.json')) || !versionIn(folder)) folder = dirname(folder);
  return versionIn(folder) ?? '';
}

function versionIn(folder: string): string | undefined {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version?: string };
  return version;
}
