export type Language = 'en' | 'ru';

const words = {
  signIn: { en: 'Sign in', ru: 'Вход' },
  signInHelp: {
    en: 'Enter an access token of scope read. “throughline token create” makes one.',
    ru: 'Введите токен доступа с правом read. Его создаёт команда «throughline token create».',
  },
  token: { en: 'Access token', ru: 'Токен доступа' },
  enter: { en: 'Sign in', ru: 'Войти' },
  signOut: { en: 'Sign out', ru: 'Выйти' },
  wrongToken: {
    en: 'This token is not known or may not read reports.',
    ru: 'Токен неизвестен или не даёт права читать отчёты.',
  },
  from: { en: 'From', ru: 'С' },
  to: { en: 'To', ru: 'По' },
  model: { en: 'Attribution model', ru: 'Модель атрибуции' },
  basis: { en: 'Deals by date of', ru: 'Сделки по дате' },
  dimension: { en: 'Split by', ru: 'Разбить по' },
  second: { en: 'and by', ru: 'и по' },
  nothing: { en: '—', ru: '—' },
  metrics: { en: 'Metrics', ru: 'Показатели' },
  table: { en: 'Report', ru: 'Отчёт' },
  total: { en: 'Total', ru: 'Итого' },
  noValue: { en: '(no value)', ru: '(не указано)' },
  asOf: { en: 'Data as of', ru: 'Данные на' },
  noData: { en: 'No source has been read yet.', ru: 'Ни один источник ещё не прочитан.' },
  empty: { en: 'Nothing in this period.', ru: 'За этот период ничего нет.' },
  shownFirst: { en: 'The first rows are shown:', ru: 'Показаны первые строки:' },
  loading: { en: 'Loading…', ru: 'Загрузка…' },
  failed: { en: 'The report could not be loaded.', ru: 'Не удалось загрузить отчёт.' },
  touch: { en: 'credited touch', ru: 'касания' },
  lead: { en: 'request', ru: 'заявки' },
  deal: { en: 'creation of the deal', ru: 'создания сделки' },
  payment: { en: 'payment', ru: 'оплаты' },
} as const;

export type Word = keyof typeof words;

export const word = (name: Word, language: Language): string => words[name][language];

export const isWord = (name: string): name is Word => Object.hasOwn(words, name);
