import { column } from '../column.ts';

/** What is known of where a visit or touch came from: the same columns in visits, touches and deal_touches, so that a report groups all three alike. */
export const touchColumns = {
  channel: column.name('channel group'),
  platform: column.name('ad platform or empty'),
  source: column.name('lower-case name'),
  medium: column.name('lower case'),
  campaign: column.string('utm_campaign, decoded'),
  campaign_id: column.string('id in the ad platform'),
  adgroup_id: column.string('id in the ad platform'),
  ad_id: column.string('id in the ad platform'),
  keyword: column.string('utm_term of a paid search visit'),
  content: column.string('utm_content, decoded'),
  term: column.string('utm_term, decoded'),
  referrer_host: column.string('lower case, without www, Cyrillic in Unicode'),
  landing_host: column.name('host of the first page'),
  landing_page: column.string('path of the first page'),
  entry_title: column.string('title of the first page'),
  device: column.name('desktop, mobile, tablet, tv, other'),
  os: column.name('operating system'),
  browser: column.name('browser'),
  country: column.name('ISO 3166 code of the country; empty when not known'),
  region: column.name('region as the file of places names it'),
  city: column.name('city as the file of places names it'),
  visit_kind: column.name('new or returning browser; empty for other touches'),
  touch_kind: column.name('visit, call, chat, email, form, offline'),
} as const;
