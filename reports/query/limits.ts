/** More rows than this, before paging, are refused. */
export const maxGroups = 250_000;

/** Conditions that all filters of a report may have together: each is written into every query of the report. */
export const maxConditions = 300;
