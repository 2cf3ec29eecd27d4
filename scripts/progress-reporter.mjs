import { renameSync, writeFileSync } from 'node:fs';

/**
 * A Vitest reporter that keeps what is known of a run in the file `TEST_PROGRESS_FILE` at every
 * moment: a run that has to be ended still says what it was waiting for and what it has.
 */
export default class ProgressReporter {
  #file = process.env.TEST_PROGRESS_FILE;
  #passed = 0;
  #failed = [];
  /** The tests that have a result, by id. */
  #finished = new Set();
  /** The tests that are running, by file. A file without one is being loaded, or in a hook. */
  #running = new Map();

  onTestModuleQueued({ relativeModuleId }) {
    this.#running.set(relativeModuleId, new Map());
    this.#write();
  }

  onTestCaseReady(test) {
    this.#running.get(test.module.relativeModuleId)?.set(test.id, test.fullName);
    this.#write();
  }

  onTestCaseResult(test) {
    this.#running.get(test.module.relativeModuleId)?.delete(test.id);
    this.#count(test);
    this.#write();
  }

  onTestModuleEnd(testModule) {
    this.#running.delete(testModule.relativeModuleId);
    // A test that did not run proves nothing: it counts as failed.
    for (const test of testModule.children.allTests()) this.#count(test);
    this.#write();
  }

  #count(test) {
    if (this.#finished.has(test.id)) return;
    this.#finished.add(test.id);
    const { state, errors = [] } = test.result();
    if (state === 'passed') this.#passed += 1;
    else {
      const reason = errors[0]?.message ?? 'did not run';
      this.#failed.push(`${test.module.relativeModuleId} > ${test.fullName}: ${reason}`);
    }
  }

  #write() {
    const running = [...this.#running].map(([file, tests]) => ({
      file,
      tests: [...tests.values()],
    }));
    const progress = { passed: this.#passed, failed: this.#failed, running };
    // Whoever reads it meanwhile gets the old or the new one, never a half.
    writeFileSync(`${this.#file}.new`, JSON.stringify(progress));
    renameSync(`${this.#file}.new`, this.#file);
  }
}
