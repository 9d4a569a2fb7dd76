import type { Page, ReadContext, Stream } from '../../source.ts';
import { orderDocuments } from './known-documents.ts';
import { type OnecLookups, readCurrencies, readSettlements, readSharedClients } from './lookups.ts';
import { createOdataClient, type OdataObject } from './odata-client.ts';
import { orderRecords } from './order-record.ts';
import { paymentRecords } from './payment-record.ts';
import { makePlan } from './plan.ts';
import { readChanges } from './read-changes.ts';
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

/** Payments and refunds of buyers: bank, card and cash documents. One that pays several orders is a payment for each. */
export const payments: OnecStream = {
  name: 'payments',
  entity: 'payment',
  key: 'Ref_Key',
  cursor: 'window',
  writeMode: 'merge',
  hasParts: true,
  read: readPayments,
  toRecords: paymentRecords,
};

async function* readOrders(context: Context): AsyncGenerator<Page<OdataObject, OnecLookups>> {
  const client = createOdataClient(context.http, context.settings);
  const plan = await makePlan(client, context.settings, 'order');
  const lookups: OnecLookups = {
    currencies: await readCurrencies(client, plan),
    orderBySettlement: {},
    sharedClients: await readSharedClients(client, plan, context.log),
  };
  for await (const page of readChanges(context, client, plan)) yield { ...page, lookups };
}

async function* readPayments(context: Context): AsyncGenerator<Page<OdataObject, OnecLookups>> {
  const client = createOdataClient(context.http, context.settings);
  const plan = await makePlan(client, context.settings, 'money');
  const known = await readCurrencies(client, plan);
  const orderTypes = orderDocuments(context.settings);
  for await (const page of readChanges(context, client, plan)) {
    const orderBySettlement = await readSettlements(client, plan, page.rows, orderTypes);
    yield { ...page, lookups: { currencies: known, orderBySettlement, sharedClients: [] } };
  }
}
