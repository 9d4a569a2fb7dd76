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
  ['https://s.ru/#_tl=a.b.c.d', 'https://s.ru/'],
  ['https://s.ru/?back=https%3A%2F%2Fs.ru%2F%3F_tl%3Da.b.c.d', 'https://s.ru/?back=https%3A%2F%2Fs.ru%2F'],
  ['https://s.ru/?back=%2F%3Fx%3D1%26_tl%3Da.b.c.d%26y%3D2&z=3', 'https://s.ru/?back=%2F%3Fx%3D1%26y%3D2&z=3'],
  ['https://s.ru/?back=%2f%3f_tl%3da.b.c.d&z=3', 'https://s.ru/?back=%2f&z=3'],
  ['https://s.ru/?back=%2F%3F_tl%3Da.b.c.d%23top', 'https://s.ru/?back=%2F%23top'],
  ['https://s.ru/?back=%252F%253F_tl%253Da.b.c.d%2526z%253D3', 'https://s.ru/?back=%252F%253Fz%253D3'],
  ['https://s.ru/?back=https://s.ru/?_tl=a.b.c.d&z=3', 'https://s.ru/?back=https://s.ru/?z=3'],
  ['https://s.ru/?%5Ftl=a.b.c.d', 'https://s.ru/'],
  ['see "https://s.ru/?_tl=a.b.c.d" and more', 'see "https://s.ru/" and more'],
])('%s is kept as %s', (url, kept) => {
  expect(withoutLinkMark(url)).toBe(kept);
});
