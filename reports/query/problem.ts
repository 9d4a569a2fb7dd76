/** What is wrong with a request and how to mend it, by the path of the field. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** A report, or why it cannot be made. `refused` is the asker's to mend, `unavailable` is ours. */
export type Outcome<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly errors: readonly FieldError[] };

export const refused = (
  ...errors: readonly FieldError[]
): { readonly ok: false; readonly errors: readonly FieldError[] } => ({
  ok: false,
  errors,
});
