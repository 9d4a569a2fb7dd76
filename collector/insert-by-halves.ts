import { isFaultOfData, isWarehouseError } from '../warehouse/warehouse-error.ts';

export interface RefusedLine {
  readonly line: Buffer;
  readonly problem: string;
}

export interface Halved {
  /** Lines that the database has. */
  readonly loaded: number;
  /** Each was refused by itself. */
  readonly refused: readonly RefusedLine[];
  /** Left for another time, because so many were refused. */
  readonly untried: readonly Buffer[];
}

export interface HalvesTools {
  readonly insert: (lines: readonly Buffer[]) => Promise<void>;
  /** As soon as so many single lines are refused, the rest is not tried. */
  readonly most: number;
}

/** Takes lines but for the single ones to blame; `problem`: why all of them were refused together. Throws what is no fault of the data. */
export async function insertByHalves(
  lines: readonly Buffer[],
  problem: string | undefined,
  tools: HalvesTools,
): Promise<Halved> {
  const refused: RefusedLine[] = [];
  const untried: Buffer[] = [];
  let loaded = 0;
  const take = async (half: readonly Buffer[]): Promise<void> => {
    if (refused.length >= tools.most) {
      untried.push(...half);
      return;
    }
    const refusal = await refusalOf(tools.insert(half));
    if (refusal === undefined) loaded += half.length;
    else await divide(half, refusal);
  };
  const divide = async (part: readonly Buffer[], refusal: string): Promise<void> => {
    const [line, another] = part;
    if (line !== undefined && another === undefined) refused.push({ line, problem: refusal });
    const middle = Math.ceil(part.length / 2);
    if (another !== undefined) for (const half of [part.slice(0, middle), part.slice(middle)]) await take(half);
  };
  if (problem !== undefined) await divide(lines, problem);
  else if (lines.length > 0) await take(lines);
  return { loaded, refused, untried };
}

/** What the database has against these lines; undefined when it took them. */
export async function refusalOf(insert: Promise<unknown>): Promise<string | undefined> {
  try {
    await insert;
    return undefined;
  } catch (error) {
    if (isWarehouseError(error) && isFaultOfData(error)) return error.message;
    throw error;
  }
}
