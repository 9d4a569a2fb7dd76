/** What adds up in one cell. Money in kopecks, ad cost in hundredths of them, credits in billionths of one, times in milliseconds × billionths. */
export interface Sums {
  visits: bigint;
  pageviews: bigint;
  leads: bigint;
  deals: bigint;
  sales: bigint;
  newClients: bigint;
  dealAmount: bigint;
  paid: bigint;
  refunded: bigint;
  cogs: bigint;
  delivery: bigint;
  cycle: bigint;
  ltvRevenue: bigint;
  ltvCosts: bigint;
  adCost: bigint;
  impressions: bigint;
  clicks: bigint;
}

export interface Cell {
  readonly sums: Sums;
  readonly visitors: Set<string>;
  /** Sales of each client who bought in this cell. */
  readonly clients: Map<string, Set<string>>;
  hasImmature: boolean;
}

export const one = 1_000_000_000n;

const emptySums = (): Sums => ({
  visits: 0n,
  pageviews: 0n,
  leads: 0n,
  deals: 0n,
  sales: 0n,
  newClients: 0n,
  dealAmount: 0n,
  paid: 0n,
  refunded: 0n,
  cogs: 0n,
  delivery: 0n,
  cycle: 0n,
  ltvRevenue: 0n,
  ltvCosts: 0n,
  adCost: 0n,
  impressions: 0n,
  clicks: 0n,
});

export const emptyCell = (): Cell => ({
  sums: emptySums(),
  visitors: new Set(),
  clients: new Map(),
  hasImmature: false,
});

/** What one fact adds to one cell. */
export interface Addition {
  readonly sums?: Partial<Sums>;
  readonly visitor?: string;
  readonly sale?: { readonly personId: string; readonly dealKey: string };
  readonly isImmature?: boolean;
}

export function addTo(cell: Cell, addition: Addition): void {
  for (const [name, value] of Object.entries(addition.sums ?? {})) cell.sums[name as keyof Sums] += value;
  if (addition.visitor !== undefined) cell.visitors.add(addition.visitor);
  if (addition.isImmature) cell.hasImmature = true;
  if (!addition.sale) return;
  const bought = cell.clients.get(addition.sale.personId) ?? new Set();
  cell.clients.set(addition.sale.personId, bought.add(addition.sale.dealKey));
}
