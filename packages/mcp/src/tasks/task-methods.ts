import {
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { abilitiesOf } from '../session/client-abilities.js';
import { tasksExtension } from './extension.js';
import type { TaskStore } from './task-store.js';

const paramsSchema = z.looseObject({ taskId: z.string().min(1).max(200) });
const resultSchema = z.looseObject({});

/** Serves `tasks/get`, `tasks/update` and `tasks/cancel` (extension `io.modelcontextprotocol/tasks`). */
export function serveTasks(server: Server, store: TaskStore): void {
  server.registerCapabilities({ extensions: { [tasksExtension]: {} } });
  server.setRequestHandler('tasks/get', { params: paramsSchema, result: resultSchema }, async ({ taskId }, context) => {
    if (!abilitiesOf(server, context).tasks) throw missingTasks();
    const task = store.get(taskId);
    if (task === undefined) throw unknownTask();
    return { ...task };
  });
  server.setRequestHandler(
    'tasks/update',
    { params: paramsSchema, result: resultSchema },
    async ({ taskId }, context) => {
      if (!abilitiesOf(server, context).tasks) throw missingTasks();
      // The SDK takes the answers out of the parameters, as it does for every method.
      const { inputResponses } = context.mcpReq;
      if (inputResponses === undefined) {
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'tasks/update needs inputResponses.');
      }
      if (!store.answer(taskId, inputResponses)) throw unknownTask();
      return {};
    },
  );
  server.setRequestHandler(
    'tasks/cancel',
    { params: paramsSchema, result: resultSchema },
    async ({ taskId }, context) => {
      if (!abilitiesOf(server, context).tasks) throw missingTasks();
      if (!store.cancel(taskId)) throw unknownTask();
      return {};
    },
  );
}

/** The refusal of a client that has not declared the tasks extension: -32021. */
export function missingTasks(): ProtocolError {
  return new MissingRequiredClientCapabilityError({
    requiredCapabilities: { extensions: { [tasksExtension]: {} } },
  });
}

function unknownTask(): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, 'There is no such task; it may have expired.');
}
