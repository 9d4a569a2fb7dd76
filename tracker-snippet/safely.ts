import { config } from './config.ts';

/** One line in the console for the person who installs the snippet; silent without `data-debug`. */
export function warn(message: unknown): void {
  if (config && 'debug' in config) console.warn(`throughline: ${message}`);
}

/** Runs what may fail; undefined when it has. An error of ours must never reach the page. */
export function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    warn(error);
    return undefined;
  }
}

/** Wraps what the page or the browser calls. */
export const safely =
  <A extends unknown[]>(run: (...args: A) => void) =>
  (...args: A): void =>
    attempt(() => run(...args));

/** Calls back on events of the page, before its own handlers see them. */
export function listen<E extends Event>(names: string, heard: (event: E) => void): void {
  for (const name of names.split(' ')) addEventListener(name, safely(heard) as EventListener, true);
}

/** Calls `after` with the arguments of each call of a method of the page's, once the method has gone well. */
export function patch<K extends string, A extends unknown[]>(
  object: { [name in K]?: unknown },
  name: K,
  after: (...args: A) => void,
): void {
  const original = object[name] as ((...args: A) => unknown) | undefined;
  object[name] = function (this: unknown, ...args: A) {
    const result = original && original.apply(this, args);
    safely(after)(...args);
    return result;
  } as never;
}
