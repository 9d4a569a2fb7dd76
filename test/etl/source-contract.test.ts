import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { recordSchemas } from '../../domain/record/index.ts';
import type { ConfiguredSource, PullResult } from '../../etl/pull.ts';
import type { MapContext, Page, SourceDefinition, Stream } from '../../etl/source.ts';
import { sources } from '../../etl/sources/index.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { testWarehouse } from '../support/clickhouse.ts';
import type { ContractVendor } from '../support/contract-vendor.ts';
import { type FakeVendor, startFakeVendor, type VendorRequest } from '../support/fake-vendor.ts';
import { configured, onlyStreams, PullWorld } from '../support/pull-world.ts';

const quickBackOff = { attempts: 2, baseMs: 10, capMs: 10, totalMs: 1000 };

let warehouse: Warehouse;
let worldNo = 0;
beforeAll(async () => {
  warehouse = await testWarehouse();
});

const newWorld = (now: string): Promise<PullWorld> => {
  worldNo += 1;
  return PullWorld.create(warehouse, `p${worldNo}`, now);
};

const fixtureOf = async (type: string): Promise<ContractVendor> =>
  ((await import(`../fixtures/sources/${type}/vendor.ts`)) as { vendor: ContractVendor }).vendor;

interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly additionalProperties?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

const settingsSchema = (definition: SourceDefinition): JsonSchema =>
  z.toJSONSchema(definition.settings, { io: 'input', unrepresentable: 'any' }) as JsonSchema;

function objectsIn(schema: JsonSchema): JsonSchema[] {
  const properties = Object.values(schema.properties ?? {});
  return schema.properties === undefined ? [] : [schema, ...properties.flatMap(objectsIn)];
}

describe.each(sources.map((definition) => ({ type: definition.type, definition })))('$type', ({ definition }) => {
  it('has settings that refuse unknown keys and describe every field', () => {
    for (const object of objectsIn(settingsSchema(definition))) {
      expect(object.additionalProperties).toBe(false);
      for (const [name, property] of Object.entries(object.properties ?? {})) {
        expect(property.description, name).toMatch(/\w{3}/);
      }
    }
  });

  it('names itself, its page, and streams of different names', () => {
    expect(definition.type).toMatch(/^[a-z0-9-]+$/);
    expect(definition.title.en).not.toBe('');
    expect(definition.title.ru).toMatch(/\p{L}/u);
    expect(definition.docs).toMatch(/^https:\/\//);
    const names = definition.streams.map((stream) => stream.name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('declares for each stream its entity, cursor and write mode', () => {
    for (const stream of definition.streams) {
      expect(Object.keys(recordSchemas)).toContain(stream.entity);
      expect(['updated_at', 'window', 'full']).toContain(stream.cursor);
      expect(stream.writeMode === 'merge' || stream.entity === 'cost').toBe(true);
    }
  });
});

const withStreams = sources.filter((definition) => definition.streams.length > 0);

describe.each(withStreams.map((definition) => ({ type: definition.type, definition })))('reading $type', ({ type }) => {
  let fixture: ContractVendor;
  let vendor: FakeVendor;
  let source: ConfiguredSource;
  let loaded: PullWorld;
  let firstResult: PullResult;
  beforeAll(async () => {
    fixture = await fixtureOf(type);
    vendor = await startFakeVendor((request) => fixture.answer(request));
    source = configured(type, fixture.settings(vendor.url));
    loaded = await newWorld(fixture.now);
    firstResult = await loaded.pull(source);
  });
  afterAll(async () => {
    await vendor.close();
    await loaded.close();
  });

  it('keeps its requests to a rate', () => {
    const { perSecond, burst } = source.definition.rate(source.settings);
    expect(perSecond).toBeGreaterThan(0);
    expect(burst).toBeGreaterThanOrEqual(1);
  });

  it('maps the recorded pages to valid records of this source', async () => {
    const alive = await loaded.alive();
    expect(firstResult).toMatchObject({ outcome: 'ok', rejected: 0 });
    expect(countBy(alive.map((version) => version.entity))).toEqual(fixture.records);
    const [ids] = await loaded.rows<{ sources: string[] }>(
      'SELECT groupUniqArray(source) AS sources FROM raw_records WHERE project = {project:String}',
    );
    expect(ids?.sources).toEqual(['src']);
  });

  it('writes nothing when the same pages are read again', async () => {
    const again = await loaded.pull(source);
    const fromTheStart = await loaded.pull(source, {}, { since: '2025-11-20' });
    expect(firstResult.rowsWritten).toBeGreaterThan(0);
    expect([again, fromTheStart]).toMatchObject([
      { outcome: 'ok', rowsWritten: 0 },
      { outcome: 'ok', rowsWritten: 0 },
    ]);
  });

  it('doubles nothing when every page comes twice', async () => {
    const world = await newWorld(fixture.now);
    const result = await world.pull(mapStreams(source, everyPageTwice));
    expect(result.outcome).toBe('ok');
    expect(countBy((await world.versions()).map((version) => version.entity))).toEqual(fixture.records);
    await world.close();
  });

  it('loses nothing to a server error at any request, and the next run completes', async () => {
    const whole = await readClean(source);
    expect(await readFailing(source, Math.ceil(whole.requests.length / 2))).toEqual(whole.versions);
    // Streams do not touch each other: what comes before and after the failing one need not be read each time.
    for (const { name } of source.definition.streams) {
      const stream = onlyStreams(source, name);
      const clean = await readClean(stream);
      for (const failing of tellingRequests(clean.requests)) {
        expect(await readFailing(stream, failing)).toEqual(clean.versions);
      }
    }
  });

  it('maps each row the same way twice and leaves the row as it was', async () => {
    const world = await newWorld(fixture.now);
    let mapped = 0;
    await world.pull(
      mapStreams(source, (stream) => ({
        ...stream,
        toRecords: (raw: unknown, context: MapContext<unknown>) => {
          const row = deepFreeze(structuredClone(raw));
          expect(String((row as Record<string, unknown>)[stream.key])).toMatch(/./);
          const frozen = deepFreeze(structuredClone(context));
          const records = stream.toRecords(row, frozen);
          expect(stream.toRecords(row, frozen)).toEqual(records);
          mapped += 1;
          return records;
        },
      })),
    );
    expect(mapped).toBeGreaterThan(0);
    await world.close();
  });

  it('keeps its secrets out of errors, logs and everything stored, even when the vendor repeats them', async () => {
    const world = await newWorld(fixture.now);
    vendor.answerWith((request) => fixture.refusal(request));
    const refused = await world.pull(source);
    vendor.answerWith(() => ({ status: 502, body: `bad gateway for ${fixture.secrets.join(' ')}` }));
    const broken = await world.pull(source, { backOff: quickBackOff });
    vendor.answerWith((request) => fixture.answer(request));
    expect(refused.streams[0]?.failure?.reason).toBe('auth');
    expect(broken.streams[0]?.failure?.reason).toBe('transient');
    const stored = await world.rows('SELECT * FROM etl_runs WHERE project = {project:String}');
    const seen = [JSON.stringify([refused, broken, stored]), ...world.logged].join('\n');
    for (const secret of fixture.secrets) expect(seen).not.toContain(secret);
    await world.close();
  });

  async function readClean(read: ConfiguredSource) {
    const world = await newWorld(fixture.now);
    const before = vendor.requests.length;
    await world.pull(read);
    const versions = (await world.versions()).map(contentOf);
    await world.close();
    return { requests: vendor.requests.slice(before), versions };
  }

  /** What is stored after a run for which the vendor fails from a request on, and a run for which it does not. */
  async function readFailing(read: ConfiguredSource, failing: number) {
    const world = await newWorld(fixture.now);
    const result = await failFrom(failing, () => world.pull(read, { backOff: quickBackOff }));
    expect(result.outcome).toBe('failed');
    expect((await world.pull(read)).outcome).toBe('ok');
    const versions = (await world.versions()).map(contentOf);
    await world.close();
    return versions;
  }

  async function failFrom<Value>(requestNo: number, work: () => Promise<Value>): Promise<Value> {
    const start = vendor.requests.length;
    vendor.answerWith((request, no) =>
      no - start >= requestNo ? { status: 500, body: 'internal error' } : fixture.answer(request),
    );
    try {
      return await work();
    } finally {
      vendor.answerWith((request) => fixture.answer(request));
    }
  }
});

/** Numbers of the requests of a reading that differ in kind: the first of each path, and the last. */
function tellingRequests(requests: readonly VendorRequest[]): number[] {
  const paths = requests.map(({ path }) => path);
  return paths.flatMap((path, index) =>
    paths.indexOf(path) === index || index === paths.length - 1 ? [index + 1] : [],
  );
}

const contentOf = ({
  entity,
  record_id,
  deleted,
  record,
}: {
  entity: string;
  record_id: string;
  deleted: boolean;
  record: string;
}) => ({
  entity,
  record_id,
  deleted,
  record,
});

const countBy = (names: readonly string[]): Record<string, number> =>
  Object.fromEntries([...new Set(names)].map((name) => [name, names.filter((other) => other === name).length]));

const mapStreams = (
  source: ConfiguredSource,
  change: (stream: Stream<unknown>) => Stream<unknown>,
): ConfiguredSource => ({
  ...source,
  definition: { ...source.definition, streams: source.definition.streams.map(change) },
});

const everyPageTwice = (stream: Stream<unknown>): Stream<unknown> => ({
  ...stream,
  async *read(context): AsyncGenerator<Page<unknown>> {
    for await (const page of stream.read(context)) {
      const { window, ...rest } = page;
      yield rest;
      yield window === undefined ? rest : page;
    }
  },
});

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) deepFreeze(part);
    Object.freeze(value);
  }
  return value;
}
