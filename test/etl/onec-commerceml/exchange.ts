import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RecordInput } from '../../../domain/record/index.ts';
import type { Problem } from '../../../domain/result.ts';
import { type CommercemlResult, importCommerceml } from '../../../etl/sources/onec-commerceml/import-commerceml.ts';
import { type OnecExchangeSettings, onecExchangeSettings } from '../../../etl/sources/onec-commerceml/settings.ts';
import type { ExchangeRow } from '../../../etl/sources/onec-commerceml/unit-records.ts';

export const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/sources/1c-exchange/${name}`, import.meta.url));

export const settingsOf = (more: Partial<OnecExchangeSettings> = {}): OnecExchangeSettings =>
  onecExchangeSettings.parse({ login: '1c', password: 'secret-1c', ...more });

export interface Imported {
  readonly result: CommercemlResult;
  readonly rows: readonly ExchangeRow[];
  readonly records: readonly RecordInput[];
  readonly problems: readonly Problem[];
  readonly batches: readonly number[];
}

/** Imports a file of the disk with a clock that stands on 1 December 2026. */
export async function importFile(
  path: string,
  more: Partial<OnecExchangeSettings> = {},
  filename = 'orders.xml',
): Promise<Imported> {
  const rows: ExchangeRow[] = [];
  const batches: number[] = [];
  const result = await importCommerceml({
    path,
    filename,
    sourceId: 'onec',
    settings: settingsOf(more),
    timezone: 'Europe/Moscow',
    currency: 'RUB',
    clock: { now: () => Date.UTC(2026, 11, 1) },
    write: async (batch) => {
      rows.push(...batch);
      batches.push(batch.length);
    },
  });
  return {
    result,
    rows,
    batches,
    records: rows.flatMap(({ mapped }) => (mapped.ok ? [mapped.item] : [])),
    problems: rows.flatMap(({ mapped }) => (mapped.ok ? [] : [mapped.problem])),
  };
}

/** Imports bytes as a file of their own. */
export async function importBytes(
  bytes: string | Uint8Array,
  more: Partial<OnecExchangeSettings> = {},
  filename = 'orders.xml',
): Promise<Imported> {
  const folder = await mkdtemp(join(tmpdir(), 'onec-'));
  try {
    await writeFile(join(folder, 'file'), bytes);
    return await importFile(join(folder, 'file'), more, filename);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export const dealsOf = (imported: Imported) =>
  imported.records.flatMap((item) => (item.entity === 'deal' ? [item.input] : []));
export const paymentsOf = (imported: Imported) =>
  imported.records.flatMap((item) => (item.entity === 'payment' ? [item.input] : []));

/** An exchange file around documents. */
export const file = (
  documents: string,
  root = 'ВерсияСхемы="2.05" ДатаФормирования="2026-01-12T17:03:19"',
  encoding = 'UTF-8',
): string =>
  `<?xml version="1.0" encoding="${encoding}"?>\n<КоммерческаяИнформация ${root}>\n${documents}\n</КоммерческаяИнформация>`;

export const requisites = (values: Readonly<Record<string, string>>): string =>
  `<ЗначенияРеквизитов>${Object.entries(values)
    .map(
      ([name, value]) =>
        `<ЗначениеРеквизита><Наименование>${name}</Наименование><Значение>${value}</Значение></ЗначениеРеквизита>`,
    )
    .join('')}</ЗначенияРеквизитов>`;

/** An order of 1000.00 made on 10 January 2026 at noon; `inside` is added, `fields` override. */
export function order(inside = '', fields: Readonly<Record<string, string>> = {}): string {
  const all = {
    Ид: '500',
    Номер: '500',
    Дата: '2026-01-10',
    Время: '12:00:00',
    ХозОперация: 'Заказ товара',
    Роль: 'Продавец',
    Валюта: 'RUB',
    Сумма: '1000.00',
    ...fields,
  };
  const elements = Object.entries(all).map(([name, value]) => `<${name}>${value}</${name}>`);
  return `<Документ>${elements.join('')}${inside}</Документ>`;
}
