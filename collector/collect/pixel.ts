import { randomUUID } from 'node:crypto';
import { eventTypes, visitorSchema } from '../../domain/event.ts';

/** The smallest transparent GIF: 43 bytes. */
export const pixelGif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64');

export interface PixelHit {
  readonly site: string;
  readonly visitor: string | undefined;
  readonly consent: 'granted' | 'denied';
  readonly cookieless: boolean;
  readonly event: Readonly<Record<string, unknown>>;
}

/** Reads the one event that an image's address carries. The page is the Referer when the address does not name it. */
export function readPixel(query: URLSearchParams, pageUrl: string | undefined, nowMs: number): PixelHit {
  const optionalId = (name: string): string | undefined => visitorSchema.safeParse(query.get(name)).data;
  const type = query.get('type');
  return {
    site: query.get('site') ?? '',
    visitor: optionalId('visitor'),
    // Nobody reads an error of an image: what is neither word is taken for the one that keeps less.
    consent: ['granted', ''].includes(query.get('consent') ?? '') ? 'granted' : 'denied',
    cookieless: !['', '0', 'false'].includes(query.get('cookieless') ?? ''),
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
