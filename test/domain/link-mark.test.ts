import { expect, test } from 'vitest';
import { withoutLinkMark } from '../../domain/link-mark.ts';

test.each([
  ['https://s.ru/?_tl=a.b.c.d', 'https://s.ru/'],
  ['https://s.ru/?_tl=a.b.c.d#top', 'https://s.ru/#top'],
  ['https://s.ru/?x=1&_tl=a.b.c.d', 'https://s.ru/?x=1'],
  ['https://s.ru/?_tl=a.b.c.d&utm_source=vk', 'https://s.ru/?utm_source=vk'],
  ['https://s.ru/?x=1&_tl=a.b.c.d&y=2#/z', 'https://s.ru/?x=1&y=2#/z'],
  ['https://s.ru/?x=1&_tl=a.b.c.d#/z', 'https://s.ru/?x=1#/z'],
  ['https://s.ru/?_tl=a&_tl=b', 'https://s.ru/'],
  ['https://s.ru/?next=a_tl=b', 'https://s.ru/?next=a_tl=b'],
  ['https://s.ru/?_tls=1', 'https://s.ru/?_tls=1'],
  ['', ''],
])('%s is kept as %s', (url, kept) => {
  expect(withoutLinkMark(url)).toBe(kept);
});
