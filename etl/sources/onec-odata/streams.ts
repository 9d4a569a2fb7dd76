import type { Page, ReadContext, Stream } from '../../source.ts';
import { moneyRow } from './document-row.ts';
import { orderDocuments } from './known-documents.ts';
import { type OnecLookups, readCurrencies, readSettlements, readSharedClients } from './lookups.ts';
import { createOdataClient, type OdataObject } from './odata-client.ts';
import { orderRecords } from './order-record.ts';
import { type LinkContext, linkContext, paymentParts } from './payment-parts.ts';
import { paymentRecords } from './payment-record.ts';
import { makePlan } from './plan.ts';
import { documentsFrom } from './read-documents.ts';
import { type OdataCursor, readWindow } from './read-window.ts';
import type { OnecOdataSettings } from './settings.ts';

type Context = ReadContext<OnecOdataSettings>;
type OnecStream = Stream<OnecOdataSettings, OdataObject, OnecLookups>;

/** Orders as deals. Versions are told apart by their content: DataVersion changes with every saving, and not with our settings. */
export const orders: OnecStream = {
  name: 'orders',
  entity: 'deal',
  key: 'Ref_Key',
  cursor: 'window',
  writeMode: 'merge',
  read: readOrders,
  toRecords: orderRecords,
};

/** Payments and refunds of buyers: bank, card and cash documents. */
export const payments: OnecStream = {
  name: 'payments',
  entity: 'payment',
  key: 'Ref_Key',
  cursor: 'window',
  writeMode: 'merge',
  read: readPayments,
  toRecords: paymentRecords,
};

async function* readOrders(context: Context): AsyncGenerator<Page<OdataObject, OnecLookups>> {
  const { settings } = context;
  const client = createOdataClient(context.http, settings);
  const plan = await makePlan(client, settings, 'order');
  const window = readWindow(context);
  const lookups: OnecLookups = {
    currencies: await readCurrencies(client, plan),
    orderBySettlement: {},
    sharedClients: await readSharedClients(client, plan, context.log),
  };
  for (const document of plan.documents)
    for await (const rows of documentsFrom(client, document, window.fromLocal, settings.page_size))
      yield { rows, lookups };
  yield { rows: [], nextCursor: JSON.stringify({ readTo: window.today, splits: {} } satisfies OdataCursor) };
}

async function* readPayments(context: Context): AsyncGenerator<Page<OdataObject, OnecLookups>> {
  const { settings } = context;
  const client = createOdataClient(context.http, settings);
  const plan = await makePlan(client, settings, 'money');
  const window = readWindow(context);
  const known = await readCurrencies(client, plan);
  const splits = new Map(Object.entries(window.cursor?.splits ?? {}));
  for (const document of plan.documents)
    for await (const rows of documentsFrom(client, document, window.fromLocal, settings.page_size)) {
      const lookups = {
        currencies: known,
        orderBySettlement: await readSettlements(client, plan, rows, orderDocuments(settings)),
        sharedClients: [],
      };
      yield { rows: rows.map((row) => withKnownParts(row, linkContext(settings, lookups), splits)), lookups };
    }
  const young = [...splits].filter(([, split]) => split.date >= window.fromLocal);
  yield {
    rows: [],
    nextCursor: JSON.stringify({ readTo: window.today, splits: Object.fromEntries(young) } satisfies OdataCursor),
  };
}

/** Adds the parts of the last reading to a row, and remembers those of this one. */
function withKnownParts(
  row: OdataObject,
  links: LinkContext,
  splits: Map<string, OdataCursor['splits'][string]>,
): OdataObject {
  const parsed = moneyRow.safeParse(row);
  if (!parsed.success || parsed.data.СуммаДокумента === undefined) return row;
  const { Ref_Key: ref, Date: date } = parsed.data;
  const before = splits.get(ref)?.parts ?? [];
  const now = paymentParts(parsed.data, parsed.data.СуммаДокумента, links).map((part) => part.name);
  const parts = [...new Set([...before, ...now])].filter((name) => name !== '');
  if (parts.length > 0) splits.set(ref, { date, parts });
  return before.length === 0 ? row : { ...row, 'known.parts': before };
}
