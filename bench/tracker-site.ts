import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where the page gets its script from: ours, or one that does nothing. */
export type ScriptPath = '/t.js' | '/empty.js';

export interface TrackerSite {
  /** Address of a page with three forms that embeds the script. */
  page(script: ScriptPath): string;
  close(): Promise<void>;
}

const forms = Array.from(
  { length: 3 },
  (_, number) =>
    `<form id="form-${number}" method="post" action="/send"><input name="name"><input name="phone" type="tel"><button>Send</button></form>`,
).join('');

const page = (script: string): string => `<!doctype html><html><head><title>Boots</title>
<script async src="${script}" data-site="demo"></script></head>
<body><h1>Boots</h1>${'<p>Warm boots for long winters. <a href="/catalog/">Catalogue</a></p>'.repeat(60)}${forms}</body></html>`;

const answer = JSON.stringify({
  visitor: null,
  visit: null,
  visit_code: null,
});

/** A shop on a free port of the loopback, with a collector that takes everything. `scripts`: bodies by their paths. */
export async function startTrackerSite(scripts: Readonly<Record<string, string>>): Promise<TrackerSite> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').replace(/\?.*/, '');
    const script = scripts[path];
    if (script !== undefined) response.setHeader('content-type', 'text/javascript').end(script);
    else if (path === '/collect') response.setHeader('content-type', 'application/json').end(answer);
    else if (path === '/with-t') response.setHeader('content-type', 'text/html').end(page('/t.js'));
    else if (path === '/with-empty') response.setHeader('content-type', 'text/html').end(page('/empty.js'));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    // A name with dots: the cookie of a whole domain is looked for.
    page: (script) => `http://www.shop.test:${port}/with-${script === '/t.js' ? 't' : 'empty'}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
