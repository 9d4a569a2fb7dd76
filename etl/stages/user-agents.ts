import type { StageContext } from './stage-context.ts';
import { readUserAgent } from './user-agents/read-user-agent.ts';

/** Raised whenever the parser or the list of robots is updated, so that stored readings are made anew. */
export const userAgentRulesVersion = 3;

/** Reads User-Agent texts with the client hints beside them. */
export async function readNewUserAgents(
  context: StageContext,
  found: readonly (readonly [userAgent: string, clientHints: string])[],
): Promise<void> {
  if (found.length === 0) return;
  const rows = found.map(([user_agent, client_hints]) => ({
    user_agent,
    client_hints,
    ...readUserAgent(user_agent, client_hints),
    rules_version: userAgentRulesVersion,
  }));
  await context.warehouse.insertRows('user_agents', rows);
}
