/**
 * What a key says of its value: that it is a phone, an e-mail, the name of a person, a name of something, or that it describes a
 * person. What the value looks like is another question.
 */
export type KeyKind = 'phone' | 'email' | 'person_name' | 'name' | 'person' | 'other';

const persons =
  'client customer user buyer contact contacts person recipient visitor guest your клиент клиента покупатель покупателя получатель получателя заказчик заказчика контакт контакта пользователь пользователя'.split(
    ' ',
  );
const personKeys: ReadonlySet<string> = new Set(persons);

/** Cheap to ask of every key: without any of these it is neither a contact nor a name. */
const hint =
  /phone|tel|mob|cell|msisdn|whats|viber|mail|name|fio|patronym|тел|моб|сотов|ватсап|вотсап|вайбер|почта|имя|имейл|емейл|фамил|отчес|фио/;

const phoneWord =
  /^((?!head|ear|micro|mega|smart).*phones?|(?!hotel|motel|cartel).*tel|tels|mob|mobile|cell|cellular|msisdn|whats|whatsapp|viber)\d*$|^(телефон.*|тел|моб|мобильн.*|сотов.*|ватсап|вотсап|вайбер)\d*$/;
/** `phone_verified_at`, `phone_id`: about a phone, but none. */
const notItself = /^(id|ids|at|ts|time|date|count)$/;
const emailWord = /^(e?mail|почта|емейл|имейл)\d*$/;
const familyWord = /^(fio|фио|фамилия|отчество|patronymic)$/;
const nameOfPerson = new RegExp(
  `^((first|last|second|middle|full|sur|${persons.join('|')}) ?name|name (${persons.join('|')})|имя( (${persons.join('|')}))?)$`,
);

export function keyKind(key: string): KeyKind {
  const lower = key.toLowerCase();
  if (personKeys.has(lower)) return 'person';
  if (!hint.test(lower)) return 'other';
  const words = wordsOf(key);
  if (words.some((word) => phoneWord.test(word))) return notItself.test(words.at(-1) ?? '') ? 'other' : 'phone';
  if (words.some((word) => emailWord.test(word))) return 'email';
  const phrase = words.join(' ');
  if (words.some((word) => familyWord.test(word)) || nameOfPerson.test(phrase)) return 'person_name';
  return phrase === 'name' ? 'name' : 'other';
}

/** `userPhone`, `client-phone`, `Телефон получателя`: the words of a key in lower case. */
const wordsOf = (key: string): string[] =>
  key
    .slice(0, 256)
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word !== '');

/**
 * Whether a value is a person's name. A bare `name` belongs to goods and campaigns as well: it is a person's only beside a phone or
 * an e-mail, or in an object that is called a person.
 */
export const isPersonName = (kind: KeyKind, isOfPerson: boolean): boolean =>
  kind === 'person_name' || (kind === 'name' && isOfPerson);

/** Whether an object with such keys describes a person. */
export const tellsPerson = (kinds: readonly KeyKind[]): boolean => kinds.includes('phone') || kinds.includes('email');

const phoneText = /^\s*\+?[\d\s().-]{7,24}$/;

/** Digits of a phone with or without its country, as people type them. */
export function looksLikePhone(text: string): boolean {
  if (!phoneText.test(text)) return false;
  const digits = text.replace(/\D/g, '').length;
  return digits >= 7 && digits <= 15;
}
