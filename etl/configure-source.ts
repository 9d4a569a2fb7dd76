import { sourceSchema } from '../domain/record/common.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { ConfiguredSource } from './pull.ts';
import { isCronPattern } from './schedule.ts';
import { sources } from './sources/index.ts';

/** One entry of `sources:` in the configuration file. */
export interface SourceConfig {
  readonly id: string;
  readonly type: string;
  readonly schedule?: string | undefined;
  /** Everything else: settings of the type. */
  readonly [setting: string]: unknown;
}

export type ConfigFailure = 'unknown_type' | 'invalid_id' | 'invalid_schedule' | 'invalid_settings';

/** Finds the connector of a configured source and reads its settings. A problem's place is a path inside the entry. */
export function configureSource(config: SourceConfig): Result<ConfiguredSource, ConfigFailure> {
  const { id, type, schedule, ...given } = config;
  const definition = sources.find((source) => source.type === type);
  if (definition === undefined) {
    return failed(
      'unknown_type',
      'type',
      `there is no source "${type}"; known: ${sources.map((one) => one.type).join(', ')}`,
    );
  }
  const parsedId = sourceSchema.safeParse(id);
  if (!parsedId.success) return failed('invalid_id', 'id', parsedId.error.issues[0]?.message ?? 'not a name');
  if (schedule !== undefined && !isCronPattern(schedule)) {
    return failed('invalid_schedule', 'schedule', `"${schedule}" is not a cron pattern such as "*/5 * * * *"`);
  }
  const settings = definition.settings.safeParse(given);
  if (!settings.success) {
    const issue = settings.error.issues[0];
    return failed('invalid_settings', issue?.path.map(String).join('.') ?? '', issue?.message ?? 'not valid');
  }
  return ok({ id, definition, settings: settings.data, ...(schedule === undefined ? {} : { schedule }) });
}
