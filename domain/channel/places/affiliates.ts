import type { Place } from './place.ts';

/** Coupons, cashback and the networks that pay for orders. */
export const affiliateSites: readonly Place[] = [
  { name: 'admitad', hosts: ['admitad.com', 'ad.admitad.com', 'admitad.ru'] },
  { name: 'advcake', hosts: ['advcake.com'] },
  { name: 'actionpay', hosts: ['actionpay.ru', 'actionpay.net'] },
  { name: 'cityads', hosts: ['cityads.com', 'cityads.ru'] },
  { name: 'epn', hosts: ['epn.bz'] },
  { name: 'sellaction', hosts: ['sellaction.net'] },
  { name: 'gdeslon', hosts: ['gdeslon.ru'] },
  { name: 'letyshops', hosts: ['letyshops.com', 'letyshops.ru', 'com.letyshops'] },
  { name: 'backit', hosts: ['backit.me'] },
  { name: 'megabonus', hosts: ['megabonus.com'] },
  { name: 'kopikot', hosts: ['kopikot.ru'] },
  { name: 'cashback.ru', hosts: ['cashback.ru'] },
  { name: 'promokodus', hosts: ['promokodus.com'] },
  { name: 'promokodi', hosts: ['promokodi.net'] },
  { name: 'promokodabra', hosts: ['promokodabra.ru'] },
  { name: 'picodi', hosts: ['picodi.com'] },
  { name: 'pepper', hosts: ['pepper.ru', 'promokod.pepper.ru'] },
  { name: 'biglion', hosts: ['biglion.ru'] },
  { name: 'frendi', hosts: ['frendi.ru'] },
  { name: 'skidkom', hosts: ['skidkom.ru'] },
];
