export function bundleProgram(folder: string, external?: readonly string[]): Promise<void>;
