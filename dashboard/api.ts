import type { Catalog, Report } from '../reports/contract.ts';

/** The server's refusal in its own words; `status` 401 means that one has to sign in. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

async function send<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(path, { credentials: 'same-origin', ...init });
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new ApiError(response.status, typeof problem.detail === 'string' ? problem.detail : '');
  }
  return response.status === 204 ? (undefined as Answer) : response.json();
}

const post = (body: object, signal?: AbortSignal): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
  signal: signal ?? null,
});

export interface Session {
  readonly auth: 'open' | 'tokens';
  readonly signed_in: boolean;
}

export const readSession = (): Promise<Session> => send('/api/v1/session');
export const signIn = (token: string): Promise<void> => send('/api/v1/session', post({ token }));
export const signOut = (): Promise<void> => send('/api/v1/session', { method: 'DELETE' });
export const readCatalog = (): Promise<Catalog> => send('/api/v1/meta');
export const readReport = (request: object, language: string, signal: AbortSignal): Promise<Report> => {
  const asked = post(request, signal);
  return send('/api/v1/report', { ...asked, headers: { ...asked.headers, 'accept-language': language } });
};
