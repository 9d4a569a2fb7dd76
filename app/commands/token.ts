import { InvalidArgumentError } from 'commander';
import { systemClock } from '../../domain/time.ts';
import { createTokenStore, type TokenScope, type TokenStore, tokenScopes } from '../../warehouse/token-store.ts';
import type { AddCommand } from '../command-line.ts';
import { type CommonOptions, readSettings, type Settings, withInstallation } from '../settings.ts';
import { textTable } from '../terminal/table.ts';
import { complain, tell } from '../terminal/tell.ts';

interface CreateOptions extends CommonOptions {
  readonly scope: readonly TokenScope[];
  readonly name: string;
}

export const addToken: AddCommand = (program, { env, setExitCode }) => {
  const token = program.command('token').description('access tokens of the APIs and the dashboard');
  token
    .command('create')
    .description('make a token; it is shown once')
    .option('--scope <list>', `what it allows, by comma: ${tokenScopes.join(', ')}`, readScopes, ['read'])
    .option('--name <text>', 'what it is for', '')
    .action(async (options: CreateOptions) => {
      await withTokens(readSettings(options, env), async (store) => {
        const { token: text, info } = await store.createToken({ name: options.name, scopes: options.scope });
        tell(`${text}\n`);
        complain(`Keep it: it is not shown again. Its id is ${info.id}.\n`);
      });
    });
  token
    .command('list')
    .description('tokens that were made')
    .action(async (options: CommonOptions) => {
      await withTokens(readSettings(options, env), async (store) => tell(`${tokenTable(await store.listTokens())}\n`));
    });
  token
    .command('revoke')
    .argument('<id>', 'id from the list')
    .description('end a token at once')
    .action(async (id: string, options: CommonOptions) => {
      await withTokens(readSettings(options, env), async (store) => {
        const revoked = await store.revokeToken(id);
        if (revoked.ok) tell(`Token ${id} is revoked.\n`);
        else complain(`${revoked.problem.detail}\n`);
        if (!revoked.ok) setExitCode(1);
      });
    });
};

function readScopes(text: string): TokenScope[] {
  const given = text.split(',').map((part) => part.trim());
  const unknown = given.find((part) => !tokenScopes.some((scope) => scope === part));
  if (unknown !== undefined) throw new InvalidArgumentError(`"${unknown}" is none of ${tokenScopes.join(', ')}`);
  return tokenScopes.filter((scope) => given.includes(scope));
}

const withTokens = (settings: Settings, work: (store: TokenStore) => Promise<unknown>): Promise<void> =>
  withInstallation(settings, async ({ warehouse, config }) => {
    await work(createTokenStore({ warehouse, project: config.project, clock: systemClock }));
  });

function tokenTable(tokens: Awaited<ReturnType<TokenStore['listTokens']>>): string {
  if (tokens.length === 0) return 'No tokens yet: throughline token create --scope read';
  const columns = ['id', 'name', 'scopes', 'made', 'revoked'].map((title) => ({ title, align: 'left' as const }));
  return textTable(
    columns,
    tokens.map((token) => [
      token.id,
      token.name,
      token.scopes.join(','),
      day(token.createdAtMs),
      token.revokedAtMs === null ? '' : day(token.revokedAtMs),
    ]),
  );
}

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
