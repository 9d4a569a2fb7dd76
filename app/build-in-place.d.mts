/** One text for the content of all these files and folders of `root`: another content, another text. */
export function fingerprint(root: string, paths: readonly string[]): string;
/** Makes `to` hold what `from` holds, each file replaced in one step. */
export function putInPlace(from: string, to: string): void;
