import { config } from './config.ts';

/** One line in the console for the person who installs the snippet; silent without `data-debug`. */
export function warn(message: string): void {
  if (config.debug) console.warn(`throughline: ${message}`);
}

/** Wraps what the page or the browser calls: an error of ours must never reach the page. */
export const safely =
  <A extends unknown[]>(run: (...args: A) => void) =>
  (...args: A): void => {
    try {
      run(...args);
    } catch (error) {
      if (config) warn(String(error));
    }
  };
