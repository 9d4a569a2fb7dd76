import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unpackChromium } from '../simulator/chromium.ts';

export interface UnattendedBrowser {
  close(): Promise<void>;
}

/**
 * Chromium at one page and with no driver, which would forbid it to prepare pages in advance (PrerenderingDisabledByDevTools): the scripts
 * of the pages do what a person would. Close it after the test.
 */
export async function browseUnattended(address: string): Promise<UnattendedBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'throughline-unattended-'));
  const args = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--host-resolver-rules=MAP *.test 127.0.0.1',
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
  ];
  const child = spawn(await unpackChromium(), [...args, address], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  return {
    close: async () => {
      child.kill();
      await ended;
      // Its helpers still write for a moment.
      await rm(profile, { recursive: true, force: true, maxRetries: 20 });
    },
  };
}
