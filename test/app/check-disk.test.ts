import { expect, test } from 'vitest';
import { configSchema } from '../../app/config/schema.ts';
import { checkDisk } from '../../app/runtime/check-disk.ts';

const megabyte = 1024 ** 2;

const look = (freeMegabytes: number, limits: object = {}) =>
  checkDisk(
    { dataDir: '/srv/shop', config: configSchema.parse({ project: 'shop', collector: { limits } }) },
    async () => freeMegabytes * megabyte,
  );

test('doctor says that events are turned away below the limit of the configuration, and only there', async () => {
  expect(await look(255)).toEqual({
    what: 'disk',
    says: '255 MB free in /srv/shop: events are turned away below 256 MB (collector.limits.free_disk_mb); make room, or lower it. They are taken again by themselves',
    isGood: false,
  });
  expect(await look(256)).toMatchObject({ isGood: true, isWarning: true });
  expect(await look(400, { free_disk_mb: 500 })).toMatchObject({ isGood: false });
  expect(await look(400, { free_disk_mb: 100 })).toMatchObject({ isGood: true });
});

test('doctor warns while there is less than a gigabyte left until then', async () => {
  expect(await look(410)).toEqual({
    what: 'disk',
    says: '410 MB free in /srv/shop: make room, events will be turned away below 256 MB (collector.limits.free_disk_mb)',
    isGood: true,
    isWarning: true,
  });
  expect(await look(1024 + 256)).toEqual({ what: 'disk', says: '1.3 GB free in /srv/shop', isGood: true });
  expect(await look(3000, { free_disk_mb: 2500 })).toMatchObject({ isGood: true, isWarning: true });
});

test('doctor warns of a disk that fills where nothing must stay free', async () => {
  expect(await look(410, { free_disk_mb: 0 })).toMatchObject({
    says: '410 MB free in /srv/shop: make room, a full disk stops the database',
    isWarning: true,
  });
});

test('doctor does not complain of a disk that does not tell', async () => {
  const config = configSchema.parse({ project: 'shop' });
  const mute = () => Promise.reject(new Error('ENOSYS'));
  expect(await checkDisk({ dataDir: '/srv/shop', config }, mute)).toMatchObject({ isGood: true });
});
