import type { Answer } from './wire-event.ts';

/** Settings: the attributes `data-*` of our script tag in camel case, or the argument of `start`. A switch is on when it is there, as ''. */
export interface Options {
  site: string;
  endpoint?: string;
  /** Domain of the cookies; otherwise the widest one the browser allows. */
  domain?: string;
  /** Other domains of the shop, by spaces: a link to them carries the visitor over. */
  domains?: string;
  /** granted (default) | pending | denied, until the visitor decides. */
  consent?: string;
  cookieless?: string;
  /** Global Privacy Control and Do Not Track mean denied. */
  gpc?: string;
  /** Further hidden inputs by fields of ours: `roistat_visit=visit_code&UF_CRM_1=visitor`. */
  inputs?: string;
  /** Also gives the visit code as the input and the cookie `roistat_visit`. */
  roistat?: string;
  /** Name of the e-commerce data layer; '' reads none. */
  layer?: string;
  /** Call tracking: tells the telephone numbers of the page and replaces them as the collector answers. */
  calls?: string;
  debug?: string;
  /** Address of the second script; empty when it is asked for. */
  more?: string;
  nonce?: string;
  /** Hash of the second script, where the site checks the integrity of scripts. */
  integrity?: string;
}

/** What the parts that keep and deliver call without knowing it. */
export interface Turns {
  /** Address of the previous page, inside the site too; `document.referrer` on the page that was loaded. */
  referrer: string;
  /** Looks at how the browser came to this page, and tells it. */
  openPage(): void;
  /** Takes up what the collector has told of a batch; without an answer it has not taken it. */
  learn(body: string, answer: Answer | false): void;
}

/** Settings of the running page, set before anything else of the snippet runs. */
export const config = {} as Options & { endpoint: string } & Turns;
