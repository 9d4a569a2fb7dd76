import type { Logger } from './logger.ts';

export type Redact = (text: string) => string;

/** Replaces secrets, as they are and percent-encoded, by `***`. Secrets of under 4 characters would garble every text and are not looked for. */
export function redactor(secrets: readonly string[]): Redact {
  const forms = secrets.flatMap((secret) => [secret, encodeURIComponent(secret), encodeURI(secret)]);
  const sought = [...new Set(forms)].filter((form) => form.length >= 4).sort((a, b) => b.length - a.length);
  return (text) => sought.reduce((masked, secret) => masked.replaceAll(secret, '***'), text);
}

/** A logger whose messages and fields hold no secret. */
export function redactingLogger(log: Logger, redact: Redact): Logger {
  const clean = (fields: object): object => redactFields(fields, redact) as object;
  return {
    info: (fields, message) => log.info(clean(fields), redact(message)),
    warn: (fields, message) => log.warn(clean(fields), redact(message)),
    error: (fields, message) => log.error(clean(fields), redact(message)),
  };
}

function redactFields(value: unknown, redact: Redact): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((part) => redactFields(part, redact));
  if (value instanceof Error)
    return { name: value.name, message: redact(value.message), stack: redact(value.stack ?? '') };
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, redactFields(part, redact)]));
}
