import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDashboard } from '../../dashboard/build.mjs';
import type { Catalog } from '../../reports/contract.ts';
import { createTokenStore } from '../../warehouse/token-store.ts';
import { clock, insertMarts, project, sale, utc } from '../reports/marts.ts';
import { type Served, serveReports } from '../reports/serve.ts';
import { launchBrowser } from '../support/browser.ts';
import { testWarehouse } from '../support/clickhouse.ts';

const at = '2026-01-10T12:00:00Z';
const hostile = '<img src=x onerror="document.title=1">';

let browser: Browser;
let closed: Served;
let open: Served;
let token: string;
let dashboardDir: string;

beforeAll(async () => {
  dashboardDir = await mkdtemp(join(tmpdir(), 'throughline-dashboard-'));
  await buildDashboard({ outDir: dashboardDir });
  const warehouse = await testWarehouse();
  const { deal, payment } = sale('crm:1', { at, amount: '41000.50' });
  const marks = { channel: 'Paid Search', campaign: hostile };
  await insertMarts(warehouse, {
    visits: [1, 2, 3].map((hour) => ({ started_at: utc(`2026-01-10T0${hour}:00:00Z`), ...marks })),
    costs: [10, 11, 15, 20].map((day) => ({ date: `2026-01-${day}`, cost_gross_base: '1250.00', ...marks })),
    leads: [{ created_at: utc(at), path_id: 'deal:crm:1', deal_key: 'crm:1' }],
    deals: [deal],
    payments: [payment],
    deal_touches: [
      { path_id: 'deal:crm:1', touched_at: utc('2026-01-10T01:00:00Z'), conversion_at: utc(at), ...marks },
    ],
  });
  const tokens = createTokenStore({ warehouse, project: project.name, clock });
  token = (await tokens.createToken({ name: 'me', scopes: ['read'] })).token;
  closed = await serveReports(warehouse, { dashboardDir, auth: { mode: 'tokens', tokens } });
  open = await serveReports(warehouse, { dashboardDir });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await closed?.close();
  await open?.close();
  await rm(dashboardDir, { recursive: true, force: true });
});

const period = '?from=2026-01-01&to=2026-01-31';

async function visit(
  served: Served,
  options: { locale?: string; width?: number } = {},
): Promise<{ page: Page; problems: string[] }> {
  const { locale = 'en-GB', width = 1280 } = options;
  const context = await browser.newContext({ locale, viewport: { width, height: 900 } });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(`${served.url}/${period}`);
  return { page, problems };
}

/** The text of the first match, every run of blanks (no-break ones too) as one space. */
const textOf = async (page: Page, selector: string): Promise<string> =>
  ((await page.locator(selector).first().textContent()) ?? '').replace(/\s+/g, ' ');

describe('the dashboard', () => {
  it('asks for a token, says when it is wrong, and lets a good one in and out', async () => {
    const { page } = await visit(closed);
    await page.getByLabel('Access token').fill('tl_wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('This token is not known').waitFor();
    await page.getByLabel('Access token').fill(token);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('tbody tr').first().waitFor();
    await page.reload();
    await page.locator('tbody tr').first().waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Access token').waitFor();
    expect(await page.locator('#report').isVisible()).toBe(false);
  });

  it('shows the report of the period with totals, units and a chart when access is open', async () => {
    const { page, problems } = await visit(open);
    await page.locator('tbody tr').first().waitFor();
    expect(await textOf(page, 'tbody tr')).toContain('Paid Search');
    expect(await textOf(page, 'tbody tr')).toContain('₽41,000.50');
    expect(await textOf(page, 'tfoot')).toContain('₽5,000.00');
    expect(await page.locator('#chart path').count()).toBe(2);
    expect(await textOf(page, '#warnings li')).toContain('cost of goods is known for 0.0 %');
    expect(problems).toEqual([]);
  });

  it('shows hostile names as text', async () => {
    const { page } = await visit(open);
    await page.getByText(hostile).first().waitFor();
    expect(await page.title()).toBe('Throughline');
    expect(await page.locator('table img').count()).toBe(0);
  });

  it('speaks the language of the browser and switches on demand', async () => {
    const { page } = await visit(open, { locale: 'ru-RU' });
    await page.getByRole('button', { name: 'Выручка' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('ru');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('button', { name: 'Revenue' }).waitFor();
  });

  it('keeps the question in the address, so that back goes back', async () => {
    const { page } = await visit(open);
    await page.locator('tbody tr').first().waitFor();
    await page.getByLabel('Attribution model').selectOption('linear');
    await page.waitForURL(/model=linear/);
    await page.getByLabel('Split by').selectOption('device');
    await page.waitForURL(/dimension=device/);
    await page.getByText('ad costs have no device').waitFor();
    await page.goBack();
    await page.waitForURL(/dimension=channel/);
    expect(await page.getByLabel('Attribution model').inputValue()).toBe('linear');
  });

  it('offers every metric of the catalog as a column, and keeps the choice in the address', async () => {
    const { page, problems } = await visit(open);
    await page.locator('tbody tr').first().waitFor();
    const catalog = (await (await fetch(`${open.url}/api/v1/meta`)).json()) as Catalog;
    await page.getByText('Metrics', { exact: true }).click();
    const labels = await page.locator('#metrics label').allTextContents();
    expect(labels).toEqual(catalog.metrics.map(({ label }) => label.en));
    const shown = await page.locator('thead button').allTextContents();
    const hidden = catalog.metrics.find(({ label }) => !shown.some((text) => text.startsWith(label.en)));
    await page.getByLabel(hidden?.label.en ?? '', { exact: true }).check();
    await page.waitForURL(new RegExp(`metrics=[^&]*${hidden?.name}(&|$)`));
    await page
      .locator('thead')
      .getByRole('button', { name: hidden?.label.en ?? '', exact: true })
      .waitFor();
    await page.locator('#metric-visits').uncheck();
    await expect.poll(() => page.locator('thead').getByRole('button', { name: 'Visits', exact: true }).count()).toBe(0);
    await page.reload();
    await page.locator('tbody tr').first().waitFor();
    expect(await page.locator('thead button').allTextContents()).toEqual(
      expect.arrayContaining([expect.stringContaining(hidden?.label.en ?? '')]),
    );
    expect(problems).toEqual([]);
  });

  it('shows what there is when the catalog lacks the metrics that one begins with', async () => {
    const page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
    await page.route('**/api/v1/meta', async (route) => {
      const answer = await route.fetch();
      const catalog: Catalog = await answer.json();
      const metrics = catalog.metrics.filter(({ name }) => ['impressions', 'clicks'].includes(name));
      await route.fulfill({ json: { ...catalog, metrics } });
    });
    await page.goto(`${open.url}/${period}&metrics=nothing`);
    await page.locator('thead').getByRole('button', { name: 'Clicks' }).waitFor();
    expect(await page.locator('#error').textContent()).toBe('');
  });

  it("shows the server's own words when the question is refused", async () => {
    const { page } = await visit(open);
    await page.locator('tbody tr').first().waitFor();
    await page.getByLabel('From').fill('2026-03-01');
    await page.getByText('from: must not be after "to"').waitFor();
  });

  it.each([1280, 390])('fits a window of %i pixels, the table scrolling inside its own frame', async (width) => {
    const { page } = await visit(open, { width });
    await page.locator('tbody tr').first().waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    for (const control of await page.locator('input, select').all()) {
      const id = await control.getAttribute('id');
      expect(await page.locator(`label[for="${id}"]`).count()).toBe(1);
    }
  });
});
