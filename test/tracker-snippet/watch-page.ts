import type { Page } from 'playwright-core';

/** What the page complains of from now on: errors nobody has caught, refused promises, errors and warnings in the console. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // A failed request is the browser's own line, not one of the script.
    if (/error|warning/.test(message.type()) && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  return complaints;
}

/** Resolves when a request of the page that is made after everything before has been answered. */
export async function passed(page: Page): Promise<void> {
  await page.evaluate("fetch('/passed').then((response) => response.text())");
}
