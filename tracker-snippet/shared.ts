/** Looks at the page when it may have changed, and at each form as it is sent. */
export type Part = (sent?: unknown) => unknown;

export const parts: Part[] = [];
/** Telephone numbers of the page in digits, and those to show instead; '' until the collector has answered. */
export const numbers: Record<string, string> = {};
/** What the CRM forms of the page have told of themselves, until the second script takes it. */
export const crmEvents: CustomEvent[] = [];
