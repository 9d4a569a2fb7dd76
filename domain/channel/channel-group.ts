import type { SourceKind } from './known-hosts.ts';

export interface Marks {
  readonly source: string;
  readonly medium: string;
  readonly campaign: string;
  /** What the source is known to be, if it is known. */
  readonly kind: SourceKind | undefined;
}

interface ChannelRule {
  readonly channel: string;
  readonly holds: (marks: Marks) => boolean;
}

/** RE2 pattern of a paid medium, by the GA4 default channel groups. */
export const paidMediumPattern = '^(.*cp.*|ppc|retargeting|paid.*)$';
const paidMedium = new RegExp(paidMediumPattern);
const isPaid = ({ medium }: Marks): boolean => paidMedium.test(medium);
const isShopping = ({ kind, campaign }: Marks): boolean =>
  kind === 'shopping' || /^(.*(([^a-df-z]|^)shop|shopping).*)$/.test(campaign);
const mediumIn =
  (...media: readonly string[]) =>
  ({ medium }: Marks): boolean =>
    media.includes(medium);
const emailNames = ['email', 'e-mail', 'e_mail', 'e mail'];

/**
 * The default channel groups of GA4 in their order (https://support.google.com/analytics/answer/9756891), with AI Assistant,
 * Messenger, Marketplace, Call and Offline before the organic ones. The first rule that holds decides.
 */
const channelRules: readonly ChannelRule[] = [
  {
    channel: 'Direct',
    holds: ({ source, medium }) => source === '(direct)' && (medium === '(none)' || medium === '(not set)'),
  },
  { channel: 'Call', holds: mediumIn('call', 'phone') },
  { channel: 'Offline', holds: mediumIn('offline') },
  { channel: 'Cross-network', holds: ({ campaign }) => campaign.includes('cross-network') },
  { channel: 'Paid Shopping', holds: (marks) => isPaid(marks) && isShopping(marks) },
  { channel: 'Paid Search', holds: (marks) => isPaid(marks) && marks.kind === 'search' },
  { channel: 'Paid Social', holds: (marks) => isPaid(marks) && marks.kind === 'social' },
  { channel: 'Paid Video', holds: (marks) => isPaid(marks) && marks.kind === 'video' },
  { channel: 'Display', holds: mediumIn('display', 'banner', 'expandable', 'interstitial', 'cpm') },
  { channel: 'Paid Other', holds: isPaid },
  {
    channel: 'Email',
    holds: ({ source, medium, kind }) => emailNames.includes(source) || emailNames.includes(medium) || kind === 'mail',
  },
  { channel: 'AI Assistant', holds: ({ kind }) => kind === 'ai' },
  { channel: 'Messenger', holds: ({ kind, medium }) => kind === 'messenger' || medium === 'messenger' },
  { channel: 'Marketplace', holds: ({ kind }) => kind === 'marketplace' },
  { channel: 'Organic Shopping', holds: isShopping },
  {
    channel: 'Organic Social',
    holds: (marks) =>
      marks.kind === 'social' ||
      mediumIn('social', 'social-network', 'social-media', 'sm', 'social network', 'social media')(marks),
  },
  { channel: 'Organic Video', holds: ({ kind, medium }) => kind === 'video' || medium.includes('video') },
  { channel: 'Organic Search', holds: ({ kind, medium }) => kind === 'search' || medium === 'organic' },
  {
    channel: 'Affiliates',
    holds: (marks) => marks.kind === 'affiliate' || mediumIn('affiliate', 'affiliates')(marks),
  },
  { channel: 'Referral', holds: (marks) => marks.kind === 'maps' || mediumIn('referral', 'app', 'link')(marks) },
  { channel: 'Audio', holds: mediumIn('audio') },
  { channel: 'SMS', holds: ({ source, medium }) => source === 'sms' || medium === 'sms' },
  {
    channel: 'Mobile Push Notifications',
    holds: ({ source, medium }) =>
      medium.endsWith('push') || medium.includes('mobile') || medium.includes('notification') || source === 'firebase',
  },
];

/** Raised whenever a rule here or a host beside it changes, so that stored classifications are made anew. */
export const channelRulesVersion = 5;

/** Channels that a visit can have. */
export const channelNames: readonly string[] = [...channelRules.map(({ channel }) => channel), 'Unassigned'];

export const channelOf = (marks: Marks): string =>
  channelRules.find((rule) => rule.holds(marks))?.channel ?? 'Unassigned';
export const isPaidMedium = (medium: string): boolean => paidMedium.test(medium);
