import { json, text } from '../http/reply.js';
import { HttpProblem } from '../lib/problem.js';
import { listQueues } from '../printing/queues.js';
import { printLabelFile } from '../printing/spooler.js';
import { labelFile, readLabel } from '../services/label-service.js';

/** GET /labels/:name */
export async function download(request, desk) {
  return text(await readLabel(desk.labelFolder, request.params.name));
}

/** POST /labels/:name/print { printer, copies } */
export async function print(request, desk) {
  const { printer = 'counter', copies = 1 } = request.body;
  const count = Number(copies);
  if (!Number.isInteger(count) || count < 1 || count > 10) throw new HttpProblem(422, 'one to ten copies');
  const file = await labelFile(desk.db, desk.labelFolder, request.params.name);
  const job = await printLabelFile(printer, file, count);
  return json({ job }, 202);
}

/** GET /printers */
export async function printers() {
  return json(await listQueues());
}
