import type { LeftOut } from './stages/stage-context.ts';

/** Rows of one batch: all of them, or those of these keys, which follow each other in the order of the database. */
export interface Piece {
  readonly batch: string;
  readonly keys?: readonly string[];
}

export const wholeBatch = (batch: string): Piece => ({ batch });

/** Greater than every key. */
const lastOfAll = '\u{10FFFF}';

export const leftOutOf = ({ batch, keys }: Piece): LeftOut => ({
  batch,
  firstKey: keys?.[0] ?? '',
  lastKey: keys?.at(-1) ?? lastOfAll,
});

export interface SiftTools<Refusal> {
  /** Runs the stages without these pieces; undefined when that succeeded. */
  readonly runWithout: (pieces: readonly Piece[]) => Promise<Refusal | undefined>;
  readonly keysOfBatch: (batch: string) => Promise<readonly string[]>;
  /** As soon as so many single rows are found, the rest is left for another time. */
  readonly most: number;
}

export interface Sifted<Refusal> {
  /** Single rows that cannot be taken. */
  readonly refused: readonly Refused<Refusal>[];
  /** What was not tried any more. */
  readonly untried: readonly Piece[];
}

interface Refused<Refusal> {
  readonly batch: string;
  readonly key: string;
  readonly refusal: Refusal;
}

interface Group {
  readonly pieces: readonly Piece[];
  /** It most likely holds a refused row: together with its other half it was refused, and that half was taken. It is divided untried. */
  readonly isGuilty: boolean;
  /** The next group is its other half. */
  readonly isFirstHalf: boolean;
}

/**
 * Finds the single rows among the pieces that cannot be taken, by trying halves. Call it when a run with all of the pieces was refused
 * and after it one without any was not. A row is named only when a run with it, and without all that is not tried yet, was refused: a
 * failure that does not repeat blames nobody. At the end the stages stand as after a run without what is refused and untried. Undefined
 * when no row explains the refusal.
 */
export async function sift<Refusal>(
  pieces: readonly Piece[],
  tools: SiftTools<Refusal>,
): Promise<Sifted<Refusal> | undefined> {
  const refused: Refused<Refusal>[] = [];
  let newest: Refusal | undefined;
  const runWithout = async (groups: readonly Group[]): Promise<Refusal | undefined> => {
    newest = await tools.runWithout([
      ...refused.map(({ batch, key }) => ({ batch, keys: [key] })),
      ...piecesOf(groups),
    ]);
    return newest;
  };
  let groups: readonly Group[] = [{ pieces, isGuilty: true, isFirstHalf: false }];
  for (let group = groups[0]; group !== undefined && refused.length < tools.most; group = groups[0]) {
    const rest = groups.slice(1);
    const single = singleRowOf(group);
    const isTried = !group.isGuilty || single !== undefined;
    const refusal = isTried ? await runWithout(rest) : undefined;
    if (isTried && refusal === undefined) groups = afterTaken(group, rest);
    else if (single === undefined) groups = [...(await divide(group, tools)), ...rest];
    else groups = rest;
    if (single !== undefined && refusal !== undefined) refused.push({ ...single, refusal });
  }
  const isUnexplained = newest !== undefined && (await runWithout(groups)) !== undefined;
  return isUnexplained ? undefined : { refused, untried: piecesOf(groups) };
}

function afterTaken({ isFirstHalf }: Group, [half, ...rest]: readonly Group[]): readonly Group[] {
  if (half === undefined) return [];
  return [isFirstHalf ? { ...half, isGuilty: true } : half, ...rest];
}

const piecesOf = (groups: readonly Group[]): Piece[] => groups.flatMap((group) => group.pieces);

/** Set when nothing is left to divide. */
function singleRowOf({ pieces }: Group): Omit<Refused<unknown>, 'refusal'> | undefined {
  const [piece, another] = pieces;
  const [key, anotherKey] = piece?.keys ?? [];
  if (piece === undefined || key === undefined || another !== undefined || anotherKey !== undefined) return undefined;
  return { batch: piece.batch, key };
}

/** A guilty group in two halves: of its batches, of the rows of a single batch. */
async function divide<Refusal>({ pieces }: Group, tools: SiftTools<Refusal>): Promise<Group[]> {
  const [piece, another] = pieces;
  if (piece === undefined || another !== undefined) return groupsOf(halves(pieces));
  const keys = piece.keys ?? (await tools.keysOfBatch(piece.batch));
  // A batch without rows cannot be divided: it is named itself.
  if (keys.length === 0) return groupsOf([[{ batch: piece.batch, keys: [''] }]]);
  return groupsOf(halves(keys).map((half) => [{ batch: piece.batch, keys: half }]));
}

/** What cannot be divided is as guilty as before. */
const groupsOf = (parts: readonly (readonly Piece[])[]): Group[] =>
  parts.map((pieces, index) => ({
    pieces,
    isGuilty: parts.length === 1,
    isFirstHalf: index === 0 && parts.length === 2,
  }));

function halves<One>(list: readonly One[]): (readonly One[])[] {
  const middle = Math.ceil(list.length / 2);
  return [list.slice(0, middle), list.slice(middle)].filter((half) => half.length > 0);
}
