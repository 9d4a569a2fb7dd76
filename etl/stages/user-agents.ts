import { isbot } from 'isbot';
import { UAParser } from 'ua-parser-js';
import { read, type StageContext } from './stage-context.ts';

/** Raised whenever the parser or the list of robots is updated, so that stored readings are made anew. */
const userAgentRulesVersion = 1;

export interface UserAgentReading {
  readonly device: 'desktop' | 'mobile' | 'tablet' | 'tv' | 'other';
  readonly os: string;
  readonly browser: string;
  readonly is_bot: boolean;
}

const deviceNames: Readonly<Record<string, UserAgentReading['device']>> = {
  mobile: 'mobile',
  tablet: 'tablet',
  smarttv: 'tv',
};

/** What a User-Agent header says. An empty one is a server that sent history, not a robot. Pure. */
export function readUserAgent(text: string): UserAgentReading {
  if (text === '') return { device: 'other', os: '', browser: '', is_bot: false };
  const { device, os, browser } = new UAParser(text).getResult();
  const kind = device.type === undefined ? 'desktop' : (deviceNames[device.type] ?? 'other');
  return { device: kind, os: os.name ?? '', browser: browser.name ?? '', is_bot: isbot(text) };
}

/** Reads the User-Agent texts met for the first time. */
export async function readNewUserAgents(context: StageContext): Promise<void> {
  const found = await read<{ user_agent: string }>(context, 'sessionise/new-user-agents', {
    parser_version: userAgentRulesVersion,
  });
  const rows = found.map(({ user_agent }) => ({
    user_agent,
    ...readUserAgent(user_agent),
    rules_version: userAgentRulesVersion,
  }));
  if (rows.length > 0) await context.warehouse.insertRows('user_agents', rows);
}
