/** The data folder cannot be used; the message names it and says what to do. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
}
