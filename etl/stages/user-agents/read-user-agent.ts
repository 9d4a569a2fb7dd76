import { UAParser } from 'ua-parser-js';
import { type ClientHints, readClientHints } from '../../../domain/client-hints.ts';
import { robotReasonOf } from '../../../domain/robots.ts';

export interface UserAgentReading {
  readonly device: 'desktop' | 'mobile' | 'tablet' | 'tv' | 'other';
  /** Maker and model, `Xiaomi 2201117TY`; empty when the browser does not tell. */
  readonly device_model: string;
  readonly os: string;
  /** `11` of Windows, `14.5` of iOS; empty when the browser does not tell. */
  readonly os_version: string;
  readonly browser: string;
  readonly is_bot: boolean;
  readonly bot_reason: string;
}

const deviceNames: Readonly<Record<string, UserAgentReading['device']>> = {
  mobile: 'mobile',
  tablet: 'tablet',
  smarttv: 'tv',
};

const systemNames: Readonly<Record<string, string>> = { macOS: 'Mac OS', 'Chrome OS': 'Chromium OS' };

/** Browsers built on Chromium that name themselves only among the brands. */
const browserOfBrand: Readonly<Record<string, string>> = {
  Brave: 'Brave',
  DuckDuckGo: 'DuckDuckGo',
  'Microsoft Edge': 'Edge',
  Opera: 'Opera',
  'Opera GX': 'Opera GX',
  'Samsung Internet': 'Samsung Browser',
  Vivaldi: 'Vivaldi',
  YaBrowser: 'Yandex',
  Yandex: 'Yandex',
  Yowser: 'Yandex',
};

/**
 * What a User-Agent header and the client hints beside it say; the hints go before. An empty header is a server that sent history, not
 * a robot. Pure.
 */
export function readUserAgent(text: string, hintsText = ''): UserAgentReading {
  if (text === '')
    return { device: 'other', device_model: '', os: '', os_version: '', browser: '', is_bot: false, bot_reason: '' };
  const { device, os, browser } = new UAParser(text).getResult();
  const hints = readClientHints(hintsText);
  const kind = device.type === undefined ? 'desktop' : (deviceNames[device.type] ?? 'other');
  const reason = robotReasonOf(text, hints.brands);
  const model = hints.model || frozen(device.model ?? '');
  return {
    device: deviceByHints(kind, hints),
    device_model: hints.model ? model : [device.vendor, model].filter(Boolean).join(' '),
    os: hints.platform ? (systemNames[hints.platform] ?? hints.platform) : (os.name ?? ''),
    os_version: systemVersion(hints) ?? os.version ?? '',
    browser: hints.brands.map((brand) => browserOfBrand[brand]).find(Boolean) ?? browser.name ?? '',
    is_bot: reason !== '',
    bot_reason: reason,
  };
}

/** Chrome tells every Android device by the letter K. */
const frozen = (model: string): string => (model === 'K' ? '' : model);

function deviceByHints(
  kind: UserAgentReading['device'],
  { platform, isMobile }: ClientHints,
): UserAgentReading['device'] {
  if (isMobile === true && (kind === 'desktop' || kind === 'other')) return 'mobile';
  if (isMobile === false && platform === 'Android' && kind !== 'tv') return 'tablet';
  return kind;
}

/**
 * Windows 11 calls itself 10 in the User-Agent and 13 or more in the hints, Windows 10 one to ten, older ones zero:
 * https://learn.microsoft.com/en-us/microsoft-edge/web-platform/how-to-detect-win11
 */
function systemVersion({ platform, platformVersion }: ClientHints): string | undefined {
  if (platformVersion === '') return undefined;
  if (platform !== 'Windows') return platformVersion;
  const major = Number.parseInt(platformVersion, 10);
  if (major >= 13) return '11';
  return major >= 1 ? '10' : undefined;
}
