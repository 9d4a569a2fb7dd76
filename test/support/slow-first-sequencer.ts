import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take longest, the longest first: begun last, one of them would be waited for while the other workers have nothing left. */
const slowest = [
  'test/truth/made-up-shop',
  'test/truth/real-browsers',
  'test/app/faults',
  'test/etl/source-contract',
  'test/app/bad-input',
  'test/etl/stages/',
  'test/etl/sources/bitrix24',
  'test/app/',
  'test/reports/invariants',
  'test/tracker-snippet/',
];

const rankOf = ({ moduleId }: TestSpecification): number => {
  const rank = slowest.findIndex((part) => moduleId.includes(part));
  return rank < 0 ? slowest.length : rank;
};

/** Starts slow files first. */
export default class SlowFirstSequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const usual = await super.sort(files);
    return usual.toSorted((one, other) => rankOf(one) - rankOf(other));
  }
}
