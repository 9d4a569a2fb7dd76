import { withoutContacts } from '../../../domain/without-contacts.ts';
import { plainName, textOf, type XmlNode } from './xml-node.ts';

type Payload = string | { readonly [name: string]: Payload | readonly Payload[] };

const personalElements = new Set([
  'Контрагенты',
  'Представители',
  'Контакты',
  'Адрес',
  'АдресДоставки',
  'АдресРегистрации',
  'Комментарий',
  'ПодписантыДокумента',
]);
const personalRequisites =
  /телефон|почт|mail|фио|фамилия|^имя|отчество|адрес|комментари|получател|покупател|контакт|пользовател/;

/** A document as JSON for the raw store: everything but who bought, where to and what they wrote. */
export const documentPayload = (document: XmlNode): unknown => withoutContacts(toPayload(document));

function toPayload(node: XmlNode): Payload {
  if (node.children.length === 0) return node.text;
  const byName = new Map<string, Payload[]>();
  if (node.text !== '') byName.set('#text', [node.text]);
  for (const child of node.children) {
    if (personalElements.has(child.name) || isPersonalRequisite(child)) continue;
    const same = byName.get(child.name) ?? [];
    byName.set(child.name, same);
    same.push(toPayload(child));
  }
  return Object.fromEntries(
    [...byName].map(([name, [only = '', ...more]]) => [name, more.length === 0 ? only : [only, ...more]]),
  );
}

const isPersonalRequisite = (node: XmlNode): boolean =>
  node.name === 'ЗначениеРеквизита' && personalRequisites.test(plainName(textOf(node, 'Наименование') ?? ''));
