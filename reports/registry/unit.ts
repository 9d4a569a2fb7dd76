/** How a value is to be read and shown. Money is in major units of the report's currency; a ratio of 0.25 is 25 %. */
export const units = ['count', 'money', 'ratio', 'days', 'number'] as const;

export type Unit = (typeof units)[number];

/** The same words in both languages of the product. */
export interface Text {
  readonly en: string;
  readonly ru: string;
}
