import type { Result } from '../../domain/result.ts';

/** A file of 1C that has wholly arrived: CommerceML, or a zip of it. */
export interface ExchangeFile {
  readonly sourceId: string;
  readonly path: string;
  /** Name that 1C gave it, without folders. */
  readonly filename: string;
}

/** Reads a file and keeps its records durably; given by whoever knows the format. The file is deleted after a success. */
export type ImportFile = (
  file: ExchangeFile,
) => Promise<Result<{ readonly records: number; readonly rejected: number }, string>>;

/** The collector stops before the file could be imported, which is no fault of the file. */
export class ImportInterruptedError extends Error {
  override readonly name = 'ImportInterruptedError';
}
