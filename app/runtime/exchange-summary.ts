import type { CommercemlResult } from '../../etl/sources/onec-commerceml/import-commerceml.ts';
import type { Imported } from './import-file.ts';

/** What a file of 1C told, in words when it is more than orders and payments: an answer about a status may change money too. */
export function exchangeSummary(result: CommercemlResult): Imported {
  const { deals, payments, statuses, takenBack, unpaid, problems, ignored } = result;
  const kinds = [
    counted(deals, 'order', 'orders'),
    counted(payments, 'payment', 'payments'),
    counted(statuses, 'status', 'statuses'),
    counted(takenBack, 'payment taken back', 'payments taken back'),
    counted(unpaid, 'order told not to be paid', 'orders told not to be paid'),
  ];
  return {
    records: deals + payments + statuses + takenBack + unpaid,
    ...(statuses + takenBack + unpaid === 0 ? {} : { kinds: kinds.flat().join(', ') }),
    rejected: problems,
    ...(ignored === undefined ? {} : { remark: ignored }),
  };
}

const counted = (number: number, one: string, several: string): string[] =>
  number === 0 ? [] : [`${number} ${number === 1 ? one : several}`];
