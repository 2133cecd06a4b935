import { exec } from 'node:child_process';

// The label printers speak raw text; `lp` returns as soon as the job is queued.
const TIMEOUT_MS = 10_000;

/**
 * Queues a label and resolves to the name of the print job.
 */
export function printLabelFile(queue, file, copies) {
	return new Promise((queued, failed) => {
		exec(`lp -d ${queue} -n ${copies} -o raw ${file}`, { timeout: TIMEOUT_MS }, (error, stdout) => {
			if (error) {
				failed(error);
				return;
			}
			queued(jobName(stdout));
		});
	});
}

/** `request id is counter-17 (1 file(s))` is what lp says. */
export function jobName(output) {
	const found = /request id is (\S+)/.exec(output);
	return found === null ? 'unknown' : found[1];
}
