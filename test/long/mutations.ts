/** Numbers from 0 up to, and without, `end`; the same for the same seed (xorshift32). */
function numbersFrom(seed: number): (end: number) => number {
  let state = seed;
  return (end) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % end;
  };
}

type Mutate = (body: Buffer, random: (end: number) => number, other: Buffer) => Buffer;

const tokens = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  ':',
  'null',
  '-1',
  '1e309',
  '\\u0000',
  '\\ud800',
  '\u00ff',
  '0'.repeat(400),
];

/** What goes wrong with a body on its way, or is done to it by somebody who means harm. */
const mutations: readonly Mutate[] = [
  (body) => body,
  (body, random) => body.subarray(0, random(body.length + 1)),
  (body, random) => {
    const copy = Buffer.from(body);
    for (let flips = 1 + random(8); flips > 0 && copy.length > 0; flips -= 1) copy[random(copy.length)] = random(256);
    return copy;
  },
  (body, random) => {
    const at = random(body.length + 1);
    const token = Buffer.from(tokens[random(tokens.length)] ?? '');
    return Buffer.concat([body.subarray(0, at), token, body.subarray(at)]);
  },
  (body, random) => {
    const from = random(body.length + 1);
    const to = Math.min(body.length, from + random(64));
    return Buffer.concat([body.subarray(0, from), body.subarray(to)]);
  },
  (body, random) => {
    const from = random(body.length + 1);
    const part = body.subarray(from, from + random(256));
    return Buffer.concat([body.subarray(0, from), part, part, body.subarray(from)]);
  },
  (body, random, other) =>
    Buffer.concat([body.subarray(0, random(body.length + 1)), other.subarray(random(other.length + 1))]),
];

/** Endless mutations of the bodies given, the same for the same seed. */
export function* mutationsOf(bodies: readonly Buffer[], seed: number): Generator<Buffer, never> {
  const random = numbersFrom(seed);
  const oneOf = (): Buffer => bodies[random(bodies.length)] ?? Buffer.alloc(0);
  for (;;) {
    const mutate = mutations[random(mutations.length)];
    if (mutate !== undefined) yield mutate(oneOf(), random, oneOf());
  }
}
