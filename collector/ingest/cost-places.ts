import type { RecordInput } from '../../domain/record/index.ts';
import { recordKey } from '../../domain/record/raw-record.ts';
import type { FieldErrors } from './field-errors.ts';

/**
 * Costs without an id are known by their place. Two of one place in a request are refused: to add them up would make the sum depend on
 * how the sender cut its rows into requests.
 */
export class CostPlaces {
  readonly #errors: FieldErrors;
  readonly #firstRows = new Map<string, number>();

  constructor(errors: FieldErrors) {
    this.#errors = errors;
  }

  judge(item: RecordInput, index: number): void {
    if (item.entity !== 'cost' || item.input.id !== undefined) return;
    const place = recordKey(item);
    const first = this.#firstRows.get(place);
    if (first === undefined) this.#firstRows.set(place, index);
    else
      this.#errors.add(
        index,
        '',
        `rows ${first} and ${index} are costs of one place (the same in all but the amounts and a name beside its id), so that one would replace the other: ` +
          'give each an id, or add them up',
      );
  }
}
