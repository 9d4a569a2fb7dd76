import { config } from './config.ts';

/** One line in the console for the person who installs the snippet; silent without `data-debug`. */
export function warn(message: unknown): void {
  if ('debug' in config) console.warn(`throughline: ${message}`);
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

/** Wraps what the page or the browser calls; what fails later, in a promise, stays here too. */
export const safely =
  <A extends unknown[]>(run: (...args: A) => unknown) =>
  async (...args: A): Promise<void> => {
    try {
      await run(...args);
    } catch (error) {
      warn(error);
    }
  };

/** Calls back on events of the page, before its own handlers see them. */
export function listen<E extends Event>(names: string, heard: (event: E) => unknown): void {
  for (const name of names.split(' ')) addEventListener(name, safely(heard) as unknown as EventListener, true);
}

/** Calls `before` with the object and the arguments of each call of a method of the page's. */
export function patch<T, A extends unknown[]>(
  object: T,
  name: keyof T,
  before: (self: T, ...args: A) => unknown,
): void {
  const original = object[name] as ((...args: A) => unknown) | undefined;
  object[name] = function (this: T, ...args: A) {
    safely(before)(this, ...args);
    // biome-ignore lint/complexity/useOptionalChain: written out for browsers of 2017 it is longer
    return original && original.apply(this, args);
  } as never;
}
