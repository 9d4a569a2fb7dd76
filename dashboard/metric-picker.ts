import type { Catalog } from '../reports/contract.ts';
import { byId, element } from './element.ts';
import type { Language } from './words.ts';

const idOf = (name: string): string => `metric-${name}`;

const boxOf = (name: string): HTMLInputElement => byId(idOf(name), HTMLInputElement);

/** Draws a tick box for every metric of the catalog. */
export function drawPicker(target: HTMLElement, catalog: Catalog, language: Language): void {
  const boxes = catalog.metrics.map(({ name, label, description }) => {
    const id = idOf(name);
    const box = element('input', { type: 'checkbox', id });
    return element('div', { title: description[language] }, box, element('label', { for: id }, label[language]));
  });
  target.replaceChildren(...boxes);
}

export function tick(catalog: Catalog, metrics: readonly string[]): void {
  for (const { name } of catalog.metrics) boxOf(name).checked = metrics.includes(name);
}

/** What is ticked: those shown before in their order, then the new ones. */
export function readTicked(catalog: Catalog, before: readonly string[]): readonly string[] {
  const ticked = catalog.metrics.map(({ name }) => name).filter((name) => boxOf(name).checked);
  return [...before.filter((name) => ticked.includes(name)), ...ticked.filter((name) => !before.includes(name))];
}
