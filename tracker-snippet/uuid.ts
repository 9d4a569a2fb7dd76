const pattern = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

export const isUuid = (text: unknown): text is string => typeof text === 'string' && pattern.test(text);

/** A random UUID v4. `crypto.randomUUID` is missing on plain-http pages, which shops still have. */
export function newUuid(): string {
  return '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (digit) =>
    (+digit ^ ((crypto.getRandomValues(new Uint8Array(1))[0] || 0) & (15 >> (+digit / 4)))).toString(16),
  );
}
