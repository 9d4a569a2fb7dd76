import { randomBytes } from 'node:crypto';
import type { Clock } from '../../domain/time.ts';
import { BoundedMap } from '../bounded-map.ts';
import type { Upload } from './uploads.ts';

export const sessionCookie = 'tl_exchange';
const sessionMs = 60 * 60 * 1000;
const maxSessions = 1000;

/** One run of an exchange, from checkauth to its last call. */
export interface Session {
  readonly id: string;
  readonly sourceId: string;
  /** By type and name of the file. */
  readonly uploads: Map<string, Upload>;
  usedAtMs: number;
}

export interface Sessions {
  open(sourceId: string): Session;
  /** The session of a Cookie header, unless an hour has passed since its last use. */
  find(cookieHeader: string | undefined): Session | undefined;
  isOver(session: Session): boolean;
}

export function createSessions(clock: Clock): Sessions {
  const sessions = new BoundedMap<string, Session>(maxSessions);
  const isOver = (session: Session): boolean => clock.now() - session.usedAtMs > sessionMs;
  const cookie = new RegExp(`(?:^|;)\\s*${sessionCookie}=([0-9a-f]{32})(?:;|$)`);
  return {
    open: (sourceId) => {
      const id = randomBytes(16).toString('hex');
      const session = { id, sourceId, uploads: new Map(), usedAtMs: clock.now() };
      sessions.set(id, session);
      return session;
    },
    find: (cookieHeader) => {
      const session = sessions.get(cookie.exec(cookieHeader ?? '')?.[1] ?? '');
      if (!session || isOver(session)) return undefined;
      session.usedAtMs = clock.now();
      return session;
    },
    isOver,
  };
}
