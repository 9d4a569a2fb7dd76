import type { Reporter, TestModule } from 'vitest/node';

/** Prints the one closing line that a build server reads: `N passed, N failed`. A file that could not be loaded counts as failed. */
export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>, unhandledErrors: ReadonlyArray<unknown>): void {
    const cases = modules.flatMap((module) => [...module.children.allTests()]);
    const passed = cases.filter((test) => test.result().state === 'passed').length;
    const failed = cases.filter((test) => test.result().state === 'failed').length;
    const unrun = cases.length - passed - failed;
    const broken = modules.filter((module) => module.errors().length > 0).length;
    process.stdout.write(`\n${passed} passed, ${failed + unrun + broken + unhandledErrors.length} failed\n`);
  }
}
