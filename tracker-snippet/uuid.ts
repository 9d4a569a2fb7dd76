/** Whether a text of outside is a UUID in lower case. */
export const isUuid = (text: unknown): text is string => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(String(text));

/** A random UUID v4. Every object URL ends with one, on plain-http pages too, where `crypto.randomUUID` is missing. */
export const newUuid = (): string => URL.createObjectURL(new Blob()).slice(-36);
