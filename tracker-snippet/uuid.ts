/** Whether a text of outside is a UUID in lower case. */
export const isUuid = (text: unknown): text is string =>
  /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(text as string);

/** A random UUID v4. It must be unlike others, not unguessable, and come on plain-http pages and on those without `crypto` too. */
export const newUuid = (): string =>
  'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, () => ((Math.random() * 16) | 0).toString(16));
