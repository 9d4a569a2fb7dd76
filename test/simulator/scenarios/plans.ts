import type { Builder, DealPlan } from '../builder.ts';
import { type Arrival, directSource } from '../campaigns.ts';
import { products, toItem } from '../catalogue.ts';
import type { Journey } from '../journey.ts';
import type { Deal, Device, Item, Person, Request } from '../model.ts';
import { at } from '../random.ts';
import type { ScenarioName } from '../scenario-names.ts';

export interface CheckoutPlan {
  readonly person: Person;
  readonly device: Device;
  readonly arrival: string | Arrival;
  readonly at: number;
  readonly items: readonly Item[];
  readonly scenario?: ScenarioName;
  readonly group?: DealPlan['group'];
  readonly closedAt?: number;
  readonly oneC?: DealPlan['oneC'];
  readonly keys?: DealPlan['keys'];
  readonly hasContact?: boolean;
  readonly hasCogs?: boolean;
}

export interface Checkout {
  readonly journey: Journey;
  readonly orderId: string;
  readonly request: Request;
  readonly deal: Deal;
}

export const item = (productIndex: number, quantity = 1): Item => toItem(at(products, productIndex), quantity);

export const oddPriced = (price: bigint): Item => ({
  productId: 'set-1',
  name: 'Набор для завтрака',
  price,
  quantity: 1,
  cogs: (price * 6n) / 10n,
});

export const direct: Arrival = { query: '', referrer: '', source: directSource };

/** Browses to the cart in an open visit. */
export function fillCart(journey: Journey, items: readonly Item[]): Journey {
  return journey
    .page('/catalog/', 'Каталог')
    .page(`/p/${at(items, 0).productId}/`, at(items, 0).name)
    .cart(items);
}

/** A whole visit that ends with a paid-for basket on the site: its order is one request. */
export function checkout(builder: Builder, plan: CheckoutPlan): Checkout {
  const journey = fillCart(builder.visit(plan), plan.items);
  journey.page('/cart/', 'Корзина').submit('checkout');
  return finishCheckout(builder, plan, journey);
}

/** The thank-you page with its order, and the deal that the site puts into the CRM. */
export function finishCheckout(builder: Builder, plan: CheckoutPlan, journey: Journey): Checkout {
  const orderId = builder.nextOrder();
  journey.page('/thanks/', 'Спасибо за заказ', { query: `order=${orderId}`, afterMs: 4_000 });
  journey.purchase(orderId, plan.items);
  const request = builder.request('cart', journey.now(), plan.person, null, plan.scenario);
  const deal = builder.deal({
    oneC: 'odata',
    keys: { visit: journey.visit.id, visitor: plan.device.visitorId },
    group: 'won',
    ...plan,
    at: journey.now() + 3_000,
    request,
    orderId,
  });
  return { journey, orderId, request, deal };
}

export interface FormPlan extends Omit<CheckoutPlan, 'oneC'> {
  readonly formId?: string;
  readonly oneC?: DealPlan['oneC'];
}

/** A visit with a request form, and the deal that the site makes of it. */
export function requestByForm(builder: Builder, plan: FormPlan): Omit<Checkout, 'orderId'> {
  const journey = builder.visit(plan).page('/contacts/', 'Контакты');
  const formId = plan.formId ?? 'request';
  journey.submit(formId);
  const request = builder.request('form', journey.now(), plan.person, formId, plan.scenario);
  const deal = builder.deal({
    oneC: 'odata',
    keys: { visit: journey.visit.id, visitor: plan.device.visitorId },
    group: 'won',
    ...plan,
    at: journey.now() + 5_000,
    request,
    orderId: builder.nextOrder(),
  });
  return { journey, request, deal };
}
