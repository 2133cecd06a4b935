import * as assertModule from 'node:assert';
import { createMockTracker } from 'trocar:mock';
import { after, afterEach, before, beforeEach, describe, test, useAssert } from 'trocar:test-runner';

useAssert(assertModule.default);

const mock = createMockTracker();
const it = test;
const suite = describe;
const { skip, todo, only } = test;

Object.assign(test, { test, it, describe, suite, before, after, beforeEach, afterEach, mock });

export { after, afterEach, before, beforeEach, describe, it, mock, only, skip, suite, test, todo };
export default test;
