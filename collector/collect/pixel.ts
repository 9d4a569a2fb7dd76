import { randomUUID } from 'node:crypto';
import { eventTypes, visitorSchema } from '../../domain/event.ts';

/** The smallest transparent GIF: 43 bytes. */
export const pixelGif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64');

export interface PixelHit {
  readonly site: string;
  readonly visitor: string | undefined;
  readonly event: Readonly<Record<string, unknown>>;
}

/** Reads the one event that an image's address carries. The page is the Referer when the address does not name it. */
export function readPixel(query: URLSearchParams, pageUrl: string | undefined, nowMs: number): PixelHit {
  const optionalId = (name: string): string | undefined => visitorSchema.safeParse(query.get(name)).data;
  const type = query.get('type');
  return {
    site: query.get('site') ?? '',
    visitor: optionalId('visitor'),
    event: {
      id: optionalId('id') ?? randomUUID(),
      type: eventTypes.find((known) => known === type) ?? 'pageview',
      ts: nowMs,
      visit: optionalId('visit'),
      url: query.get('url') ?? pageUrl ?? '',
      referrer: query.get('referrer') ?? '',
      title: query.get('title') ?? '',
    },
  };
}
