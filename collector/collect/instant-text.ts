import { toInstant } from '../../domain/time.ts';

/**
 * Writes instants as `toInstant` does and remembers the last whole second, in which most events of a busy collector lie. For years of
 * four digits.
 */
export function instantWriter(): (ms: number) => string {
  let second = Number.NaN;
  let head = '';
  return (ms) => {
    const wanted = Math.floor(ms / 1000);
    if (wanted !== second) {
      second = wanted;
      head = toInstant(wanted * 1000).slice(0, -'000Z'.length);
    }
    return `${head}${String(ms - wanted * 1000).padStart(3, '0')}Z`;
  };
}
