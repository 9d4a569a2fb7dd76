import { addressRulesVersion, readNewAddresses } from './addresses.ts';
import { read, type StageContext } from './stage-context.ts';
import { readNewUserAgents, userAgentRulesVersion } from './user-agents.ts';

interface NewSenders {
  /** Header and client hints. */
  readonly user_agents: readonly (readonly [string, string])[];
  readonly addresses: readonly string[];
}

/** Reads the browsers and the addresses that are met for the first time. They are few beside the visits, which find them by a join. */
export async function readNewSenders(context: StageContext): Promise<void> {
  const [found] = await read<NewSenders>(context, 'sessionise/new-senders', {
    parser_version: userAgentRulesVersion,
    address_version: addressRulesVersion(context),
  });
  await readNewUserAgents(context, found?.user_agents ?? []);
  await readNewAddresses(context, found?.addresses ?? []);
}
