import { acceptedContent, inputRequired } from '@modelcontextprotocol/server';
import { pause, say, tool } from './content.mjs';

const confirm = (message) =>
  inputRequired.elicit({
    message,
    requestedSchema: { type: 'object', properties: { confirm: { type: 'boolean' } }, required: ['confirm'] },
  });

/** Tools that work as tasks for the clients that take them. */
export const taskTools = [
  tool('greet', async ({ name = 'World' }) => say(`Hello, ${name}!`), { properties: { name: { type: 'string' } } }),
  tool(
    'slow_compute',
    async ({ seconds = 1, label = 'result' }, { signal }) => {
      await pause(seconds * 1_000, signal);
      return say(`${label}: done`);
    },
    {
      properties: { seconds: { type: 'number' }, label: { type: 'string' } },
      task: { start: 'when-slow' },
    },
  ),
  tool(
    'failing_job',
    async () => {
      await pause(200);
      return { ...say('The job failed.'), isError: true };
    },
    { task: { start: 'always', required: true } },
  ),
  tool(
    'protocol_error_job',
    async () => {
      throw new Error('The job broke.');
    },
    { task: { start: 'always' } },
  ),
  tool(
    'confirm_delete',
    async ({ filename }, { answers }) => {
      const answer = acceptedContent(answers, 'confirm');
      if (answer === undefined) return inputRequired({ inputRequests: { confirm: confirm(`Delete ${filename}?`) } });
      return say(answer.confirm === true ? `Deleted ${filename}` : `Kept ${filename}`);
    },
    { properties: { filename: { type: 'string' } }, required: ['filename'], task: { start: 'always' } },
  ),
  tool(
    'multi_input',
    async (_, { answers }) =>
      answers.first && answers.second
        ? say('Both were answered.')
        : inputRequired({ inputRequests: { first: confirm('The first?'), second: confirm('The second?') } }),
    { task: { start: 'always' } },
  ),
  tool(
    'test_tool_with_task',
    async (_, { answers }) => {
      const name = acceptedContent(answers, 'user_name')?.name;
      if (typeof name !== 'string') {
        const requestedSchema = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };
        return inputRequired({
          inputRequests: { user_name: inputRequired.elicit({ message: 'Who?', requestedSchema }) },
        });
      }
      await pause(400);
      return say(`Worked for ${name}.`);
    },
    { task: { start: 'when-slow', required: true } },
  ),
];
