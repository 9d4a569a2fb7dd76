import type { Warehouse } from '../warehouse/warehouse.ts';

/** The lease of a number to a visit, as `number_leases` holds it. */
export interface CalledVisit {
  readonly visit_id: string;
  readonly visitor_id: string;
  readonly pool: string;
  readonly leased_at: string;
}

/**
 * Whose call it was: the visit that a number of call tracking was leased to at an instant, by the rule of `domain/number-lease.ts`. Undefined
 * when it was nobody's. `number`: digits with the country; `at`: ISO 8601. Throws WarehouseError.
 */
export async function visitOfCall(
  { warehouse, project }: { readonly warehouse: Warehouse; readonly project: string },
  number: string,
  at: string,
): Promise<CalledVisit | undefined> {
  const [lease] = await warehouse.query<CalledVisit>(
    `SELECT visit_id, visitor_id, pool, leased_at FROM (
       SELECT * FROM number_leases FINAL
       WHERE project = {project:String} AND number = {number:String}
         AND leased_at <= parseDateTime64BestEffort({at:String}, 3, 'UTC') AND held_until > leased_at
       ORDER BY leased_at DESC, visit_id DESC
       LIMIT 1
     ) WHERE held_until > parseDateTime64BestEffort({at:String}, 3, 'UTC')`,
    { project, number, at },
  );
  return lease;
}
