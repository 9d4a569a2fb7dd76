/** Puts `file.br` and `file.gz` beside the file, for browsers that take them. */
export function compressBeside(file: string): void;
