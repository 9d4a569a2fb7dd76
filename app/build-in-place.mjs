// What a rebuild beside a running product needs: to know that there is nothing to do, and to replace files without a moment in which one is missing or half written.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Every file below a folder, by its path from there, sorted. */
function filesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** One text for the content of all these files and folders: another content, another text. */
export function fingerprint(root, paths) {
  const hash = createHash('sha256').update(process.version);
  for (const path of paths) {
    const whole = join(root, path);
    const files = statSync(whole).isDirectory() ? filesIn(whole).map((file) => join(path, file)) : [path];
    for (const file of files) hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

/**
 * Makes `to` hold what `from` holds. A file that differs is replaced in one step, so that whoever reads it meanwhile gets the old
 * one or the new one whole; one that is the same is left alone; what `from` does not have goes last. `from` is used up.
 */
export function putInPlace(from, to) {
  const files = filesIn(from);
  for (const file of files) {
    const [fresh, old] = [join(from, file), join(to, file)];
    if (existsSync(old) && readFileSync(old).equals(readFileSync(fresh))) continue;
    mkdirSync(dirname(old), { recursive: true });
    renameSync(fresh, old);
  }
  const kept = new Set(files);
  for (const file of filesIn(to)) if (!kept.has(file)) rmSync(join(to, file), { force: true });
  rmSync(from, { recursive: true, force: true });
}
