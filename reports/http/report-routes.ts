import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { Report } from '../contract.ts';
import { formats } from '../formats/index.ts';
import { readCatalog } from '../query/catalog.ts';
import { dimensionValues } from '../query/dimension-values.ts';
import { requestFromParameters } from '../query/parse-get.ts';
import type { FieldError, Outcome } from '../query/problem.ts';
import { type ReportDeps, runReport } from '../query/run.ts';
import { sendFieldErrors, sendProblem } from './problem.ts';

/** Parameters of the address, a name given twice being an error. */
function readParameters(request: Request): Outcome<URLSearchParams> {
  const { originalUrl } = request;
  const parameters = new URLSearchParams(originalUrl.includes('?') ? originalUrl.slice(originalUrl.indexOf('?')) : '');
  const names = [...parameters.keys()];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return { ok: true, value: parameters };
  return { ok: false, errors: [{ path: twice, message: 'stands twice in the address; give lists by comma' }] };
}

/** The form of the answer: `format`, else the Accept header; undefined when we have none of those. */
function readFormat(request: Request, parameters: URLSearchParams) {
  const asked = parameters.get('format');
  if (asked !== null) return formats.find((format) => format.name === asked || format.mime === asked);
  const best = request.accepts(formats.map((format) => format.mime));
  return formats.find((format) => format.mime === best);
}

const explainError: FieldError = { path: 'explain', message: 'expected 1 or 0' };

function writeReport(response: Response, report: Report, format: (typeof formats)[number]): void {
  if (report.next_cursor !== null) response.set('X-Next-Cursor', report.next_cursor);
  response.set('Cache-Control', 'no-store').vary('Accept').vary('Accept-Language').type(format.mime);
  const body = format.write(report);
  response.send(typeof body === 'string' ? body : Buffer.from(body));
}

function reportHandler(
  deps: ReportDeps,
  readRequest: (request: Request, parameters: URLSearchParams) => unknown,
): RequestHandler {
  return async (request, response) => {
    const read = readParameters(request);
    if (!read.ok) return sendFieldErrors(response, read.errors);
    const parameters = read.value;
    const format = readFormat(request, parameters);
    if (format === undefined) {
      return sendProblem(
        response,
        406,
        `a report comes as ${formats.map(({ name, mime }) => `${name} (${mime})`).join(', ')}`,
      );
    }
    const explain = parameters.get('explain') ?? '0';
    if (!['0', '1'].includes(explain)) return sendFieldErrors(response, [explainError]);
    parameters.delete('format');
    parameters.delete('explain');
    const outcome = await runReport(deps, readRequest(request, parameters), {
      explain: explain === '1',
      language: request.acceptsLanguages('en', 'ru') === 'ru' ? 'ru' : 'en',
    });
    if (!outcome.ok) return sendFieldErrors(response, outcome.errors);
    return writeReport(response, outcome.value, format);
  };
}

/** POST takes the report in its body; a parameter in the address beside it would be silently lost, so it is an error. */
function postedRequest(request: Request, parameters: URLSearchParams): unknown {
  const extra = [...parameters.keys()];
  return extra.length === 0 ? request.body : { ...Object(request.body), ...Object.fromEntries(parameters) };
}

/** The report, the catalog of what it can be asked for, and values of a dimension for filter boxes. */
export function reportRoutes(deps: ReportDeps): Router {
  const router = Router();
  router.post('/report', reportHandler(deps, postedRequest));
  router.get(
    '/report',
    reportHandler(deps, (_request, parameters) => requestFromParameters(parameters)),
  );
  router.get('/meta', async (_request, response) => {
    response.json(await readCatalog(deps.warehouse, deps.project));
  });
  router.get('/values', async (request, response) => {
    const read = readParameters(request);
    const outcome = read.ok ? await dimensionValues(deps, Object.fromEntries(read.value)) : read;
    if (!outcome.ok) return sendFieldErrors(response, outcome.errors);
    return response.json(outcome.value);
  });
  return router;
}
