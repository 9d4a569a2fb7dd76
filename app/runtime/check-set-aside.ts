import type { SetAside } from '../../etl/set-aside.ts';
import type { Finding } from './check-installation.ts';
import type { Installation } from './installation.ts';

const namedAtMost = 5;

/** What the stages leave out because it cannot be computed. */
export async function checkSetAside({ warehouse, config }: Installation): Promise<Finding> {
  const rows = await warehouse.query<SetAside>(
    'SELECT batch, key, detail FROM set_aside FINAL WHERE project = {project:String} ORDER BY set_aside_at DESC, key',
    { project: config.project },
  );
  if (rows.length === 0) return { what: 'set aside', says: 'everything loaded could be computed', isGood: true };
  const named = rows.slice(0, namedAtMost).map(({ key, batch, detail }) => `${key} of batch ${batch} (${detail})`);
  const more = rows.length > namedAtMost ? ` and ${rows.length - namedAtMost} more in the table set_aside` : '';
  return {
    what: 'set aside',
    says: `${rows.length} events or records cannot be computed and are left out of reports: ${named.join('; ')}${more}. Correct them where they come from or update throughline, then run throughline rebuild`,
    isGood: false,
  };
}
