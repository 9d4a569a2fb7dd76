import type { Finding } from './check-installation.ts';
import type { Installation } from './installation.ts';

/** Whether revenue is taken from payments though none ever came: every report says then that nothing was earned. */
export async function checkMoneySource({
  warehouse,
  config,
}: Pick<Installation, 'warehouse' | 'config'>): Promise<Finding[]> {
  if (config.money_source !== 'payments') return [];
  const [row] = await warehouse.query<{ won: string; payments: string }>(
    `SELECT
       (SELECT count() FROM deals FINAL WHERE project = {project:String} AND is_deleted = 0 AND status_group = 'won') AS won,
       (SELECT count() FROM payments FINAL WHERE project = {project:String} AND is_deleted = 0) AS payments`,
    { project: config.project },
  );
  if (row === undefined || row.won === '0' || row.payments !== '0') return [];
  return [
    {
      what: 'money',
      says: `there are ${row.won} won deals and no payment, and revenue is taken from payments: connect 1C or import payments; or set money_source: deals in the configuration and run throughline rebuild`,
      isGood: true,
      isWarning: true,
    },
  ];
}
