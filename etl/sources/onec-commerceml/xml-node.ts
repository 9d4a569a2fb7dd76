/** An element of a document that has been read: local name, its own text trimmed, children in order. */
export interface XmlNode {
  readonly name: string;
  readonly line: number;
  text: string;
  readonly children: XmlNode[];
}

export const childOf = (node: XmlNode, name: string): XmlNode | undefined =>
  node.children.find((child) => child.name === name);

export const childrenOf = (node: XmlNode, name: string): XmlNode[] =>
  node.children.filter((child) => child.name === name);

/** Text of a child; an absent and an empty one are the same thing to 1C. */
export function textOf(node: XmlNode, name: string): string | undefined {
  const text = childOf(node, name)?.text;
  return text === undefined || text === '' ? undefined : text;
}

/** Elements of a list such as `Контрагенты/Контрагент`, wherever the list is repeated. */
export const listOf = (node: XmlNode, list: string, element: string): XmlNode[] =>
  childrenOf(node, list).flatMap((holder) => childrenOf(holder, element));

/** Names are spelled with and without spaces, in any case: `Статус заказа`, `СтатусЗаказа`. */
export const plainName = (name: string): string =>
  name
    .replace(/[\s\u00a0]+/g, '')
    .toLowerCase()
    .replaceAll('ё', 'е');
