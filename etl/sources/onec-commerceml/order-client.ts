import type { DealInput } from '../../../domain/record/index.ts';
import type { OrderDocument } from './order-document.ts';
import { childOf, childrenOf, listOf, plainName, textOf, type XmlNode } from './xml-node.ts';

type Client = NonNullable<DealInput['client']>;

/** Counterparties under which shops book everybody: their id says nothing about the person. */
const sharedNames = /розничн|частноелицо|физ(\.|ическое)?лиц|аноним|гость|конечныйпокупатель|безимени/;

/** Who buys: id, phone and e-mail of the counterparty, else of its contact person. Undefined when nothing leads to a person. */
export function orderClient(document: OrderDocument, sharedIds: readonly string[]): Client | undefined {
  const party = buyerOf(document);
  if (party === undefined) return undefined;
  const id = partyId(party);
  const isShared = sharedNames.test(plainName(textOf(party, 'Наименование') ?? '')) || sharedIds.includes(id ?? '');
  const phone = contactOf(party, /тел|моб|phone/);
  const email = contactOf(party, /почт|mail/);
  const client: Client = {
    ...(id === undefined || isShared ? {} : { id }),
    ...(phone === undefined ? {} : { phone: phone.slice(0, 256) }),
    ...(email === undefined ? {} : { email: email.slice(0, 512) }),
  };
  return Object.keys(client).length === 0 ? undefined : client;
}

function buyerOf(document: OrderDocument): XmlNode | undefined {
  const parties = listOf(document.node, 'Контрагенты', 'Контрагент');
  const roleOf = (party: XmlNode): string => plainName(textOf(party, 'Роль') ?? '');
  return (
    parties.find((party) => roleOf(party) === 'покупатель') ?? parties.find((party) => roleOf(party) !== 'продавец')
  );
}

/** `311#buyer#Имя Фамилия`: what follows the first # is personal data and changes with the name. Zeros are nobody. */
export function partyId(party: XmlNode): string | undefined {
  const id = textOf(party, 'Ид')?.split('#')[0]?.trim().slice(0, 256);
  return id === undefined || /^[0-]*$/.test(id) ? undefined : id;
}

function contactOf(party: XmlNode, kind: RegExp): string | undefined {
  const holders = [party, ...contactPersons(party)];
  for (const contact of holders.flatMap((holder) => listOf(holder, 'Контакты', 'Контакт'))) {
    const value = textOf(contact, 'Значение');
    if (value !== undefined && kind.test(plainName(textOf(contact, 'Тип') ?? ''))) return value;
  }
  return undefined;
}

/** A contact person is written either as a counterparty of its own or with its fields in place. */
const contactPersons = (party: XmlNode): XmlNode[] =>
  childrenOf(party, 'Представители')
    .flatMap((list) => childrenOf(list, 'Представитель'))
    .map((person) => childOf(person, 'Контрагент') ?? person);
