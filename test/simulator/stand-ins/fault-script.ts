export interface Fault<Kind extends string> {
  readonly kind: Kind;
  /** Which request from now on goes wrong, counted from 1. */
  readonly onRequest: number;
  /** How many in a row; 1 when absent. */
  readonly times?: number;
}

/** What a stand-in does wrong, and when: written by the test before the requests come. */
export interface FaultScript<Kind extends string> {
  add(fault: Fault<Kind>): void;
  clear(): void;
  /** Counts one request; the fault that it meets. */
  take(): Kind | undefined;
  /** Requests so far. */
  readonly requests: number;
}

export function createFaultScript<Kind extends string>(): FaultScript<Kind> {
  let requests = 0;
  let planned: { kind: Kind; first: number; last: number }[] = [];
  return {
    get requests() {
      return requests;
    },
    add: ({ kind, onRequest, times = 1 }) => {
      planned.push({ kind, first: requests + onRequest, last: requests + onRequest + times - 1 });
    },
    clear: () => {
      planned = [];
    },
    take: () => {
      requests++;
      return planned.find((fault) => requests >= fault.first && requests <= fault.last)?.kind;
    },
  };
}
