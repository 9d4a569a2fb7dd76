import { safely } from './safely.ts';
import { install } from './tracker.ts';

// The script as shops embed it: its settings are the attributes of its tag.
safely(() => {
  const script = (document.currentScript || document.querySelector('script[data-site]')) as HTMLScriptElement | null;
  if (script && script.dataset.site)
    install(Object.assign({ endpoint: new URL('/collect', script.src).href }, script.dataset as { site: string }));
})();
