import type { Finding } from './check-installation.ts';
import type { Installation } from './installation.ts';

const leastPairs = 5;
const suspiciousPercent = 50;

interface Pair {
  readonly first: string;
  readonly second: string;
  readonly pairs: string;
  readonly percent: string;
}

/**
 * Whether two sources bring the same money: payments of one day and amount under one deal or document number, at least half
 * of the smaller source. So it is when a base of 1C was connected one way and later another.
 */
export async function checkDoubledMoney({
  warehouse,
  config,
}: Pick<Installation, 'warehouse' | 'config'>): Promise<Finding[]> {
  const pairs = await warehouse.query<Pair>(
    `WITH
       told AS (
         SELECT payment_source, amount_base, toDate(paid_at, {timezone:String}) AS day, [if(deal_key = '', '', concat('deal ', deal_key)), if(document = '', '', concat('document ', document))] AS names
         FROM payments FINAL WHERE project = {project:String} AND is_deleted = 0
       ),
       sizes AS (SELECT payment_source, count() AS payments FROM told GROUP BY payment_source),
       named AS (SELECT payment_source, amount_base, day, name, count() AS times FROM told ARRAY JOIN names AS name WHERE name != '' GROUP BY ALL),
       meeting AS (
         SELECT a.payment_source AS first, b.payment_source AS second, if(startsWith(a.name, 'deal '), 'deal', 'document') AS by, sum(least(a.times, b.times)) AS met
         FROM named AS a INNER JOIN named AS b ON a.amount_base = b.amount_base AND a.day = b.day AND a.name = b.name
         WHERE first < second GROUP BY ALL
       ),
       counted AS (SELECT first, second, max(met) AS pairs FROM meeting GROUP BY first, second)
     SELECT c.first AS first, c.second AS second, c.pairs AS pairs, intDiv(c.pairs * 100, least(f.payments, s.payments)) AS percent
     FROM counted AS c
     INNER JOIN sizes AS f ON f.payment_source = c.first INNER JOIN sizes AS s ON s.payment_source = c.second
     WHERE c.pairs >= {least:UInt32} AND percent >= {percent:UInt32}
     ORDER BY first, second`,
    { project: config.project, timezone: config.timezone, least: leastPairs, percent: suspiciousPercent },
  );
  return pairs.map(({ first, second, pairs: count, percent }) => ({
    what: 'money',
    says: `${count} payments of ${first} and ${second} have the same day, amount and order or document (${percent} % of the smaller one): the same money most likely counts twice. Connect each base of 1C one way only, and delete the records of the other source through the API (deleted: true)`,
    isGood: false,
  }));
}
