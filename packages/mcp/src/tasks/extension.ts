/** The name of the tasks extension in capabilities. */
export const tasksExtension = 'io.modelcontextprotocol/tasks';
