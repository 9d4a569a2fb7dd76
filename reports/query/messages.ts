import { z } from 'zod';
import type { FieldError } from './problem.ts';

/** An object whose unknown keys are errors that list the known ones. `fieldErrors` names the key. */
export function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? `known here: ${known}` : undefined),
  });
}

/** One text of a list; the error repeats the list. */
export function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values, { error: `expected one of ${values.join(', ')}` });
}

/** The issues of a failed parse, each with the path of the field at fault; an unknown key is a field of its own. */
export function fieldErrors(error: z.ZodError): readonly FieldError[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String).join('.');
    if (issue.code !== 'unrecognized_keys') return [{ path: path === '' ? '(body)' : path, message: issue.message }];
    return issue.keys.map((key) => ({
      path: path === '' ? key : `${path}.${key}`,
      message: `unknown ${JSON.stringify(key.slice(0, 100))}; ${issue.message}`,
    }));
  });
}
