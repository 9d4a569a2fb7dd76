/** More rows than this, before paging, are refused. */
export const maxGroups = 250_000;
