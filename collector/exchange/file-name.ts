const maxNameChars = 200;

/**
 * Last part of a name that 1C gave a file (`import_files/ab/x.jpg` → `x.jpg`). Undefined when the name tries to leave its
 * folder or is none.
 */
export function readFileName(name: string): string | undefined {
  const parts = name.split(/[/\\]/);
  const last = parts.at(-1) ?? '';
  const isHostile = parts.some((part) => part === '' || /^\.+$/.test(part)) || /[\p{Cc}:*?"<>|]/u.test(name);
  return isHostile || last.length > maxNameChars ? undefined : last;
}

/** Pictures and documents of goods: taken for politeness and not kept. */
export const isDataFile = (name: string): boolean => /\.(xml|zip)$/i.test(name);

export const isZip = (name: string): boolean => /\.zip$/i.test(name);

const maxDiskNameBytes = 200;

/** Name of the file on our disk: of harmless characters whatever 1C called it, and still telling the name. */
export const diskName = (number: number, name: string): string =>
  `${String(number).padStart(6, '0')}-${encodeURIComponent(name.toWellFormed()).slice(-maxDiskNameBytes)}`;

/** The name again, after a restart. */
export function nameFromDisk(stored: string): string {
  const encoded = stored.replace(/^\d+-/, '');
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
