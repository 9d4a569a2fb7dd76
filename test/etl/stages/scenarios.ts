import { beforeAll, test } from 'vitest';
import { Aliases } from './aliases.ts';
import { event, loadEvents, loadRecords } from './raw.ts';
import { Rounds } from './rounds.ts';
import { keepRates, type ReadMart, type Shop, useShops, whatIsTold } from './shop.ts';

/** A shop as one scenario sees it: its marts hold nothing but what the scenario loaded, under the identifiers that it gave. The project is the whole file's. */
export interface OwnShop extends Pick<Shop, 'events' | 'records' | 'mart' | 'warehouse' | 'project'> {
  /** Keeps rates by day. They are the whole file's: each scenario needs a currency of its own. */
  rates(currency: string, byDay: Readonly<Record<string, string>>): Promise<void>;
  /** Runs the stages, together with the other scenarios of the file. */
  settle(): Promise<void>;
  /** Computes all anew, when no scenario of the file waits for the stages any more. */
  rebuild(): Promise<void>;
}

/** What a scenario does and expects. It may open more shops than the one given; they settle together. */
export type Play = (shop: OwnShop, open: () => OwnShop) => Promise<void>;

/**
 * Declares a test of what becomes of what is loaded. All scenarios of a file are played in one shop at once, each under identifiers of
 * its own, and the stages run when all wait for them: a run costs the same for one scenario as for twenty. They share rates and settings.
 * Call it once at the top of a test file, with the shops of the file when it has others.
 */
export function useScenarios(openShop = useShops()): (name: string, play: Play) => void {
  const plays: Play[] = [];
  let ends: PromiseSettledResult<void>[];
  beforeAll(async () => {
    ends = await playTogether(openShop(), plays);
  }, 300_000);
  return (name, play) => {
    const number = plays.push(play) - 1;
    test(name, () => {
      const end = ends[number];
      if (end?.status !== 'fulfilled') throw end?.reason;
    });
  };
}

function playTogether(shop: Shop, plays: readonly Play[]): Promise<PromiseSettledResult<void>[]> {
  const rounds = new Rounds(shop, plays.length);
  let opened = 0;
  const open = (): OwnShop => {
    opened += 1;
    return ownShop(shop, rounds, new Aliases(opened));
  };
  return Promise.allSettled(plays.map((play) => play(open(), open).finally(() => rounds.leave())));
}

const ownShop = (shop: Shop, rounds: Rounds, aliases: Aliases): OwnShop => ({
  warehouse: shop.warehouse,
  project: shop.project,
  events: (...sketches) =>
    loadEvents(
      shop.warehouse,
      sketches.map((sketch) => aliases.ofRow(event(sketch))),
      shop.project,
    ),
  records: (...records) => loadRecords(shop.warehouse, records, shop.project, (raw) => aliases.ofRecord(raw)),
  rates: (currency, byDay) => keepRates(shop, currency, byDay),
  settle: () => rounds.wait('settle'),
  rebuild: () => rounds.wait('rebuild'),
  mart: ownMart(shop, aliases),
});

/** Reads the rows in which an identifier of the scenario stands, or a person whom its identifiers make or ever made. */
function ownMart({ warehouse, project }: Shop, aliases: Aliases): ReadMart {
  return async <Row>(table: string, columns = whatIsTold, orderBy = 'ALL') => {
    const { mark } = aliases;
    const links = await warehouse.query<{ node: string }>(
      'SELECT DISTINCT node FROM identity_links WHERE project = {project:String} AND position(node, {mark:String}) > 0',
      { project, mark },
    );
    const own = [mark, ...aliases.ofPersons(links.map(({ node }) => node))];
    const rows = await warehouse.query<Row>(
      `SELECT ${columns} FROM ${table} FINAL
       WHERE project = {project:String} AND arrayExists(one -> position(toString(tuple(*)), one) > 0, {own:Array(String)})
       ORDER BY ${orderBy}`,
      { project, own },
    );
    return rows.map((row) => aliases.restore(row));
  };
}
