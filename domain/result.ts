/** An expected outcome is a value: it worked, or it did not for a reason from a closed list. Exceptions are bugs. */
export type Result<Value, Reason extends string = string> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: Problem<Reason> };

export interface Problem<Reason extends string = string> {
  readonly reason: Reason;
  /** Where in the input: a path such as `events.3.ts`, a line number, a file name. */
  readonly place: string;
  /** What is wrong and how to mend it, in plain words. */
  readonly detail: string;
}

export const ok = <Value>(value: Value): { readonly ok: true; readonly value: Value } => ({ ok: true, value });

export const failed = <Reason extends string>(
  reason: Reason,
  place: string,
  detail: string,
): { readonly ok: false; readonly problem: Problem<Reason> } => ({ ok: false, problem: { reason, place, detail } });
