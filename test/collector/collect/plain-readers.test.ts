import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPlainEnvelope } from '../../../collector/collect/read-envelope.ts';
import { readBySchema } from '../../../collector/collect/read-event.ts';
import { readPlainEvent } from '../../../collector/collect/read-plain-event.ts';
import { type EventContext, toEventLine } from '../../../collector/collect/to-event-line.ts';
import { contactHasher } from '../../../domain/contact.ts';
import { collectSchema, type Event, eventSchema, eventTypes } from '../../../domain/event.ts';
import { maskUrl } from '../../../domain/mask-url.ts';
import { nowMs, uuid } from '../support/test-collector.ts';

const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(null, true, '', '\ud83d', 'x'.repeat(9000), 1e308, 0.5, -0),
  fc.constantFrom({}, [], uuid(1).toUpperCase()),
);
/** Text as JSON can carry it: quotes, controls and lone surrogates too. */
const rawText = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0x7f }), fc.integer({ min: 0, max: 0xffff })), { maxLength: 20 })
  .map((units) => String.fromCharCode(...units));
const mostly = (good: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 30, arbitrary: good }, { weight: 1, arbitrary: odd });
const rarely = (value: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const orNull = (value: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 15, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) });
const someUuid = fc.oneof(
  fc.uuid(),
  fc.uuid().map((id) => id.toUpperCase()),
);
const address = fc.oneof(
  fc.webUrl({ withQueryParameters: true }),
  rawText,
  fc.constant('https://shop.example/?email=a%40b.ru'),
);

const rawEvent = fc.record(
  {
    id: mostly(someUuid),
    type: mostly(fc.constantFrom(...eventTypes)),
    ts: mostly(fc.oneof(fc.integer({ min: nowMs - 1e9, max: nowMs }), fc.constantFrom(2 ** 53, 1.5))),
    visit: orNull(mostly(someUuid)),
    url: orNull(mostly(address)),
    referrer: orNull(mostly(address)),
    title: orNull(mostly(rawText)),
    form: orNull(
      mostly(
        fc.record(
          { id: mostly(rawText), name: orNull(mostly(rawText)), page: orNull(mostly(address)) },
          { requiredKeys: [] },
        ),
      ),
    ),
    props: mostly(fc.dictionary(fc.oneof(rawText, fc.constantFrom('__proto__', 'constructor')), odd, { maxKeys: 3 })),
    order: orNull(rarely(fc.record({ id: mostly(rawText) }))),
    user: orNull(rarely(fc.record({ phone: mostly(rawText) }))),
    extra: odd,
  },
  { requiredKeys: ['id', 'type', 'ts'] },
);
/** What the collector gets: the value after it was JSON. */
const received = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

const context: EventContext = {
  project: 'shop',
  site: 'demo "1"',
  visitor: uuid(900),
  channelIn: 'collect',
  receivedAtMs: nowMs,
  address: '203.0.113.0',
  userAgent: 'agent "x" \\ \t é',
  hasher: contactHasher('secret'),
};

describe('the reader of usual events', () => {
  test('gives what the schema gives, and the same row, or leaves the event to the schema', () => {
    let read = 0;
    fc.assert(
      fc.property(
        fc.oneof({ weight: 20, arbitrary: rawEvent as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: odd }),
        (value) => {
          const raw = received(value);
          const plain = readPlainEvent(raw);
          if (plain === undefined) return;
          read += 1;
          const bySchema = readBySchema(raw);
          expect(bySchema).toEqual({ ok: true, value: plain });
          if (!bySchema.ok) return;
          expect(toEventLine(plain, context, uuid(700), '123458')).toBe(
            toEventLine(bySchema.value, context, uuid(700), '123458'),
          );
        },
      ),
      { numRuns: 5000, seed: 7 },
    );
    expect(read).toBeGreaterThan(500);
  });

  test('takes the events that pages send most', () => {
    const fields = {
      id: uuid(1),
      ts: nowMs,
      visit: uuid(700),
      url: 'https://shop.example/',
      referrer: '',
      title: 'Чай',
    };
    const absent = { visit: null, title: null, form: null, props: null, order: null, items: null, user: null };
    for (const more of [
      {},
      { form: { id: 'callback', name: null } },
      { props: { scroll: 50 } },
      { unknown: 1 },
      absent,
    ]) {
      expect(readPlainEvent({ ...fields, type: 'pageview', ...more })).toBeDefined();
    }
  });
});

test('the reader of usual envelopes gives what the schema gives, or leaves the envelope to it', () => {
  let read = 0;
  const envelope = fc.record(
    {
      site: mostly(fc.oneof(fc.constant('demo'), fc.string({ maxLength: 200 }))),
      visitor: orNull(mostly(someUuid)),
      events: mostly(fc.array(odd, { maxLength: 101, size: 'max' })),
    },
    { requiredKeys: ['site'] },
  );
  fc.assert(
    fc.property(fc.oneof(envelope as fc.Arbitrary<unknown>, odd), (value) => {
      const raw = received(value);
      const plain = readPlainEnvelope(raw);
      if (plain === undefined) return;
      read += 1;
      expect(plain).toEqual(collectSchema.parse(raw));
    }),
    { numRuns: 2000, seed: 7 },
  );
  expect(read).toBeGreaterThan(200);
});

/** The row column by column, through JSON.stringify alone. */
function rowOf(event: Event): Record<string, unknown> {
  const row = {
    project: context.project,
    site: context.site,
    event_id: event.id,
    visitor_id: context.visitor,
    visit_id: uuid(700),
    visit_code: 123458,
    type: event.type,
    occurred_at: new Date(event.ts).toISOString(),
    received_at: new Date(nowMs).toISOString(),
    url: maskUrl(event.url),
    referrer: maskUrl(event.referrer),
    title: event.title,
    form_id: event.form?.id,
    form_name: event.form?.name,
    form_page: event.form && maskUrl(event.form.page),
    ip: context.address,
    user_agent: context.userAgent,
    channel_in: context.channelIn,
  };
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== '' && value !== undefined));
}

test('a line put together by hand is the JSON of its row, on one line', () => {
  const { order: _order, items: _items, user: _user, props: _props, ...shape } = eventSchema.shape;
  expect(Object.keys(shape)).toEqual(['id', 'type', 'ts', 'visit', 'url', 'referrer', 'title', 'form']);
  fc.assert(
    fc.property(rawEvent as fc.Arbitrary<object>, (value) => {
      const parsed = eventSchema.safeParse(received({ ...value, order: undefined, user: undefined, props: undefined }));
      if (!parsed.success) return;
      const line = toEventLine(parsed.data, context, uuid(700), '123458');
      expect(JSON.parse(line)).toEqual(rowOf(parsed.data));
      expect(line).not.toContain('\n');
      expect(line.isWellFormed()).toBe(true);
    }),
    { numRuns: 2000, seed: 7 },
  );
});
