import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { type Config, configSchema } from './schema.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** The configuration cannot be used; the message names the place and the cure. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export interface LoadedConfig {
  readonly config: Config;
  /** Path of the file; undefined when there is none and the defaults hold. */
  readonly file: string | undefined;
}

/** Reads the configuration file. A missing file is fine unless it was asked for by name. Throws ConfigError. */
export function loadConfig(file: string, isAsked: boolean, env: Env): LoadedConfig {
  const text = readText(file, isAsked);
  return text === undefined
    ? { config: configSchema.parse({}), file: undefined }
    : { config: parseConfig(text, file, env), file };
}

function readText(file: string, isAsked: boolean): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT' && !isAsked) return undefined;
    throw new ConfigError(
      code === 'ENOENT'
        ? `There is no file ${file}. Give its path with --config.`
        : `${file} cannot be read (${code}).`,
    );
  }
}

/** Checks the text of a configuration file. Throws ConfigError with every fault found. */
export function parseConfig(text: string, file: string, env: Env): Config {
  const document = parseDocument(text, { uniqueKeys: true });
  const fault = document.errors[0];
  if (fault) throw new ConfigError(`${file} is not valid YAML: ${fault.message}`);
  const missing = new Set<string>();
  const value = expand(document.toJS({ maxAliasCount: 50 }) ?? {}, env, missing);
  if (missing.size > 0) {
    throw new ConfigError(
      `${file} uses ${[...missing].map((name) => `\${${name}}`).join(', ')}, which the environment does not have. Set it before starting.`,
    );
  }
  const parsed = configSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.') || '(file)'}: ${issue.message}`);
  throw new ConfigError(
    `${file} has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${faults.join('\n')}`,
  );
}

/** Puts environment variables in the place of `${NAME}` in every text. */
function expand(value: unknown, env: Env, missing: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((part) => expand(part, env, missing));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, expand(part, env, missing)]));
  }
  if (typeof value !== 'string') return value;
  return value.replace(/\$\{([A-Za-z_]\w*)\}/g, (_whole, name: string) => {
    const found = env[name];
    if (found === undefined) missing.add(name);
    return found ?? '';
  });
}
