/** Resolves when the process is asked to end: Ctrl-C, SIGTERM. A second one ends it at once. */
export function untilAskedToStop(): Promise<void> {
  return new Promise((resolve) => {
    const onSignal = (): void => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.off(signal, onSignal);
        process.once(signal, () => process.exit(1));
      }
      resolve();
    };
    process.once('SIGINT', onSignal);
    process.once('SIGTERM', onSignal);
  });
}
