import { read, type StageContext } from './stage-context.ts';
import { readUserAgent } from './user-agents/read-user-agent.ts';

/** Raised whenever the parser or the list of robots is updated, so that stored readings are made anew. */
const userAgentRulesVersion = 2;

/** Reads the User-Agent texts, with the client hints beside them, met for the first time. */
export async function readNewUserAgents(context: StageContext): Promise<void> {
  const found = await read<{ user_agent: string; client_hints: string }>(context, 'sessionise/new-user-agents', {
    parser_version: userAgentRulesVersion,
  });
  const rows = found.map(({ user_agent, client_hints }) => ({
    user_agent,
    client_hints,
    ...readUserAgent(user_agent, client_hints),
    rules_version: userAgentRulesVersion,
  }));
  if (rows.length > 0) await context.warehouse.insertRows('user_agents', rows);
}
