import { attempt } from './safely.ts';
import { install } from './tracker.ts';

// The script as shops embed it: its settings are the attributes of its tag.
attempt(() => {
  const { src, nonce, dataset } = document.currentScript as HTMLScriptElement;
  const name = src.replace(/\.js([?#].*)?$/, '');
  const own = { more: `${name}-more.js`, nonce, endpoint: name.replace(/\/t$/, '/collect') };
  if (dataset.site) install(Object.assign(own, dataset as { site: string }));
});
