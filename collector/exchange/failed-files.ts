import { mkdir, readdir, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { nameFromDisk } from './file-name.ts';

/** A file of 1C that could not be imported. */
export interface FailedFile {
  readonly path: string;
  /** Name that 1C gave it. */
  readonly filename: string;
  readonly failedAtMs: number;
  /** 1C heard of it and sends the file again. */
  readonly isTold: boolean;
}

const folderOf = (dir: string): string => join(dir, 'failed');
const pattern = /^(told-)?(\d+)-(.+)$/;

/** What could not be imported of a source, the oldest first. `dir`: the folder of the source. */
export async function failedFiles(dir: string): Promise<FailedFile[]> {
  const files = (await listFolder(folderOf(dir))).flatMap((name) => {
    const [, told, failedAt = '', stored = ''] = pattern.exec(name) ?? [];
    if (stored === '') return [];
    const file = { path: join(folderOf(dir), name), filename: nameFromDisk(stored), failedAtMs: Number(failedAt) };
    return [{ ...file, isTold: told !== undefined }];
  });
  return files.sort((a, b) => a.failedAtMs - b.failedAtMs || (basename(a.path) < basename(b.path) ? -1 : 1));
}

/** Moves a file to those that could not be imported, if it is not there already; gives its path. */
export async function keepFailed(dir: string, path: string): Promise<string> {
  const folder = folderOf(dir);
  if (dirname(path) === folder) return path;
  await mkdir(folder, { recursive: true });
  const kept = join(folder, `${Date.now()}-${basename(path)}`);
  await rename(path, kept);
  return kept;
}

/** Where a failed file lies once 1C has heard of it; undefined when it is no such file or lies there already. */
export function toldPath(dir: string, path: string): string | undefined {
  const name = basename(path);
  if (dirname(path) !== folderOf(dir) || name.startsWith('told-')) return undefined;
  return join(folderOf(dir), `told-${name}`);
}

export const listFolder = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);
