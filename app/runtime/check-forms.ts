import type { Finding } from './check-installation.ts';
import type { Installation } from './installation.ts';

const lookedAtDays = 30;
/** Somebody may name a form of requests so; nobody sends it as often as a search. */
const leastRequests = 20;
const mostNamed = 5;

/** Forms of searching, sorting, buying and signing in, by their ids. */
const everydayForm =
  '(?i)(search|find|filter|sort|cart|basket|compare|wishlist|favou?rit|log-?in|sign-?in|auth|coupon|promo-?code|quantity|\\bqty\\b|поиск|фильтр|корзин)';

interface Counted {
  readonly form_id: string;
  readonly requests: string;
}

/** Forms that count as requests though they look like a search, a filter, a cart or a sign-in. */
export async function checkForms({
  warehouse,
  config,
}: Pick<Installation, 'warehouse' | 'config'>): Promise<Finding[]> {
  const forms = await warehouse.query<Counted>(
    `SELECT form_id, count() AS requests
     FROM leads FINAL
     WHERE project = {project:String} AND is_deleted = 0 AND source = 'tracker' AND kind = 'form' AND duplicate_of = ''
       AND created_at >= now() - INTERVAL {days:UInt16} DAY AND match(form_id, {everyday:String})
     GROUP BY form_id
     HAVING requests >= {least:UInt32}
     ORDER BY requests DESC, form_id
     LIMIT {most:UInt8}`,
    { project: config.project, days: lookedAtDays, everyday: everydayForm, least: leastRequests, most: mostNamed },
  );
  if (forms.length === 0) return [];
  const named = forms.map(({ form_id, requests }) => `${form_id} (${requests})`).join(', ');
  return [
    {
      what: 'forms',
      says: `in ${lookedAtDays} days these forms counted as requests and do not look like such: ${named}. If they are none, name them under rules.not_requests in the configuration and run throughline rebuild`,
      isGood: true,
      isWarning: true,
    },
  ];
}
