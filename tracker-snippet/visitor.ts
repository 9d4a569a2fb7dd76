import { read, write } from './storage.ts';
import { isUuid, newUuid } from './uuid.ts';

const key = 'tl_visitor';

export const keepVisitor = (id: string): void => write(key, id);

/** The visitor's UUID, made on first use. Read anew each time: another tab may have learnt a better one. */
export function visitorId(): string {
  const known = read(key);
  if (isUuid(known)) return known;
  const made = newUuid();
  keepVisitor(made);
  return made;
}
