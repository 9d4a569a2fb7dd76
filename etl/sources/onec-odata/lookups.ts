import { readCurrency } from '../../../domain/money.ts';
import { isWorthRetrying, SourceError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { emptyGuid } from './document-row.ts';
import { isObject, type OdataClient, type OdataObject } from './odata-client.ts';
import { buyerCatalogs, currencies, type ReadPlan, settlements } from './plan.ts';

/** What the documents name by guid only. */
export interface OnecLookups {
  /** Currency code by Ref_Key; undefined when the base does not show its currencies: all is then in the project's. */
  readonly currencies: Readonly<Record<string, string>> | undefined;
  /** Order by settlement object (releases 11.5 and 2.5 link payments so). */
  readonly orderBySettlement: Readonly<Record<string, string>>;
  /** Counterparties that stand for many people. */
  readonly sharedClients: readonly string[];
}

const keysInOneRequest = 20;

const keyOf = (row: OdataObject, field: string): string => String(row[field] ?? '').toLowerCase();

export async function readCurrencies(client: OdataClient, plan: ReadPlan): Promise<Record<string, string> | undefined> {
  if (!plan.hasEntity(currencies)) return undefined;
  const rows = await client.rows(currencies, { select: ['Ref_Key', 'Code', 'Description'], top: 1000 });
  const codes = rows.map((row) => [
    keyOf(row, 'Ref_Key'),
    readCurrency(String(row.Description ?? '')) ?? readCurrency(String(row.Code ?? '')) ?? '',
  ]);
  return Object.fromEntries(codes);
}

/**
 * «Розничный покупатель», «Частное лицо»: under them a base books all who did not introduce themselves. Names are
 * searched in 1C and not fetched. A base that does not allow the search is read without it, and the log says so.
 */
export async function readSharedClients(client: OdataClient, plan: ReadPlan, log: Logger): Promise<string[]> {
  const filter = ['озничн', 'астное лицо', 'изическое лицо']
    .map((part) => `substringof('${part}',Description)`)
    .join(' or ');
  const found: string[] = [];
  for (const catalog of buyerCatalogs.filter(plan.hasEntity)) {
    try {
      const rows = await client.rows(catalog, { select: ['Ref_Key'], filter, top: 1000 });
      found.push(...rows.map((row) => keyOf(row, 'Ref_Key')));
    } catch (error) {
      if (!(error instanceof SourceError) || isWorthRetrying(error.kind)) throw error;
      log.warn({ catalog }, `retail buyers were not searched; name them in shared_clients: ${error.message}`);
    }
  }
  return found;
}

/** Orders behind the settlement objects that these rows name. */
export async function readSettlements(
  client: OdataClient,
  plan: ReadPlan,
  rows: readonly OdataObject[],
  orderTypes: readonly string[],
): Promise<Record<string, string>> {
  const keys = plan.hasEntity(settlements) ? settlementKeys(rows) : [];
  const orders: Record<string, string> = {};
  for (let start = 0; start < keys.length; start += keysInOneRequest) {
    const part = keys.slice(start, start + keysInOneRequest);
    const filter = part.map((key) => `Ref_Key eq guid'${key}'`).join(' or ');
    const found = await client.rows(settlements, {
      select: ['Ref_Key', 'Объект', 'Объект_Type'],
      filter,
      top: part.length,
    });
    for (const row of found) if (leadsToOrder(row, orderTypes)) orders[keyOf(row, 'Ref_Key')] = keyOf(row, 'Объект');
  }
  return orders;
}

const leadsToOrder = (row: OdataObject, orderTypes: readonly string[]): boolean =>
  orderTypes.includes(String(row.Объект_Type ?? '').replace(/^StandardODATA\./, '')) &&
  !['', emptyGuid].includes(keyOf(row, 'Объект'));

function settlementKeys(rows: readonly OdataObject[]): string[] {
  const lines = rows.flatMap((row) => [row, ...linesOf(row)]);
  const keys = new Set(lines.map((line) => keyOf(line, 'ОбъектРасчетов_Key')));
  return [...keys].filter((key) => key !== '' && key !== emptyGuid);
}

const linesOf = (row: OdataObject): OdataObject[] => {
  const lines = row.РасшифровкаПлатежа;
  return Array.isArray(lines) ? lines.filter(isObject) : [];
};
