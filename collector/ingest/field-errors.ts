import type { z } from 'zod';
import type { FieldError } from '../../domain/problem.ts';

const maxErrors = 100;

/** What is wrong with the rows of a request: the first hundred places. */
export class FieldErrors {
  readonly list: FieldError[] = [];

  get isEmpty(): boolean {
    return this.list.length === 0;
  }

  add(index: number, path: string, message: string): void {
    if (this.list.length < maxErrors)
      this.list.push({ path: path === '' ? String(index) : `${index}.${path}`, message });
  }

  addZod(index: number, error: z.ZodError): void {
    for (const issue of error.issues) this.add(index, issue.path.join('.'), issue.message);
  }

  addTooDeep(index: number, levels: number): undefined {
    this.add(index, '', `nested deeper than ${levels} levels: send a flat object`);
  }
}
