import { renameSync, writeFileSync } from 'node:fs';

/**
 * A Vitest reporter that keeps the progress of a run in the file `TEST_PROGRESS_FILE`, so that the
 * caller of a run that hangs can report which tests were running and which results there are.
 */
export default class ProgressReporter {
  #file = process.env.TEST_PROGRESS_FILE;
  #passed = 0;
  #failed = [];
  /** Ids of the tests that have a result. */
  #finished = new Set();
  /** Running tests by file. A file without any is being loaded, or runs a hook. */
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
    // A test that did not run counts as failed.
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
    // A rename is atomic: a reader gets the old content or the new one.
    writeFileSync(`${this.#file}.new`, JSON.stringify(progress));
    renameSync(`${this.#file}.new`, this.#file);
  }
}
