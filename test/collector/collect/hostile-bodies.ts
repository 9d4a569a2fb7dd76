import fc from 'fast-check';
import { eventTypes } from '../../../domain/event.ts';

const character = fc.integer({ min: 0, max: 0x10_ffff }).map((point) => String.fromCodePoint(point));
export const text = fc.oneof(fc.string({ maxLength: 40 }), fc.string({ unit: character, maxLength: 40 }));
/** Text as JSON can carry it: lone surrogates too. */
const rawText = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 })
  .map((units) => String.fromCharCode(...units));
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  rawText,
  fc.constantFrom(null, 1e308, -0, 2 ** 53, '__proto__', '\0'),
);
const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(1768478400000, 0, -1, 1e20, 1e9));
const maybe = <T>(good: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 25, arbitrary: good as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: anything });

/** An address of a page; `fc.webUrl` takes most of a second to be built. */
const address = fc
  .record({
    scheme: fc.constantFrom('http', 'https'),
    host: fc.stringMatching(/^[a-z0-9]{1,12}(\.[a-z][a-z0-9-]{0,8}[a-z0-9])?\.(ru|рф|example|xn--p1ai)(:[0-9]{1,5})?$/),
    path: fc.stringMatching(/^(\/[A-Za-z0-9._~!$&'()*+,;=:@%-]{0,12}){0,3}$/),
    query: fc.stringMatching(/^(\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]{0,30})?$/),
  })
  .map(({ scheme, host, path, query }) => `${scheme}://${host}${path}${query}`);

const eventAround = (nowMs: number) =>
  fc.record(
    {
      id: maybe(fc.uuid()),
      type: maybe(fc.constantFrom(...eventTypes)),
      ts: maybe(fc.integer({ min: nowMs - 6e8, max: nowMs + 8e7 })),
      visit: maybe(fc.uuid()),
      url: maybe(fc.oneof(address, rawText)),
      referrer: maybe(rawText),
      title: maybe(text),
      form: maybe(fc.record({ id: maybe(rawText), name: maybe(text) }, { requiredKeys: [] })),
      order: maybe(
        fc.record({ id: maybe(text), amount: maybe(number), currency: maybe(fc.constantFrom('RUB', 'руб', '$')) }),
      ),
      items: maybe(
        fc.array(fc.record({ id: maybe(text), price: maybe(number), quantity: maybe(number) }, { requiredKeys: [] })),
      ),
      user: maybe(
        fc.record(
          {
            phone: maybe(text),
            email: maybe(text),
            id: maybe(number),
            phone_hash: maybe(fc.stringMatching(/^[0-9a-f]{64}$/)),
          },
          { requiredKeys: [] },
        ),
      ),
      props: maybe(fc.dictionary(rawText, anything)),
    },
    { requiredKeys: ['id', 'type', 'ts'] },
  );
/** What a tracker would send about now, nearly, or anything. */
export const bodyAround = (nowMs: number) =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record(
        {
          site: maybe(fc.constant('demo')),
          visitor: maybe(fc.uuid()),
          consent: maybe(fc.constantFrom('granted', 'denied')),
          cookieless: maybe(fc.boolean()),
          numbers: maybe(
            fc.array(maybe(fc.constantFrom('74951234567', '84951234567', '78005553535')), { maxLength: 11 }),
          ),
          events: maybe(fc.array(maybe(eventAround(nowMs)), { maxLength: 8 })),
        },
        { requiredKeys: ['site', 'visitor', 'events'] },
      ) as fc.Arbitrary<unknown>,
    },
    { weight: 1, arbitrary: anything },
  );
export const headers = fc.record(
  {
    cookie: fc.stringMatching(/^tl_vid=[\x20-\x7e]{0,40}$/),
    origin: fc.constantFrom('https://shop.example', 'https://shop.example', 'https://shop.example', 'null', 'http://['),
    'x-forwarded-for': fc.stringMatching(/^[0-9a-f:., ]{0,30}$/),
  },
  { requiredKeys: [] },
);
