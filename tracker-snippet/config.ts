export interface Config {
  site: string;
  endpoint: string;
  debug: boolean;
  /** Domain of the cookies as the site wrote it; undefined: the widest one the browser allows. */
  domain: string | undefined;
}

/** Settings of the running page; `readConfig` fills them before anything else of the snippet runs. */
export let config: Config;

/**
 * Reads the settings from the attributes of our script tag: `data-site` (required), `data-endpoint` (default: `/collect`
 * on the origin of the script), `data-domain`, `data-debug`.
 * @returns false when there is no tag with a site key: the snippet then stays silent.
 */
export function readConfig(): boolean {
  const script = document.currentScript || document.querySelector('script[data-site]');
  const read = (name: string) => script?.getAttribute(`data-${name}`) || undefined;
  const site = read('site');
  if (!site || !(script instanceof HTMLScriptElement)) return false;
  config = {
    site,
    endpoint: read('endpoint') || new URL('/collect', script.src).href,
    debug: script.hasAttribute('data-debug'),
    domain: read('domain'),
  };
  return true;
}
