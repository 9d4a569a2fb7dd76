/**
 * The same text with memory of its own. What is cut from a long text (a header, a body) keeps all of it in memory for as long as it lives itself;
 * texts that are kept must not.
 */
export const flatText = (text: string): string => Buffer.from(text).toString();
