"""The label printers speak raw text; lp returns as soon as the job is queued."""

import re
import subprocess
from pathlib import Path

TIMEOUT_SECONDS = 10


def print_label_file(queue: str, file: Path, copies: int) -> str:
	"""Queues a label and returns the name of the print job."""
	command = f"lp -d {queue} -n {copies} -o raw {file}"
	done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=True)
	return job_name(done.stdout)


def list_queues() -> list[str]:
	done = subprocess.run("lpstat -e | sort", shell=True, capture_output=True, text=True, check=True)
	return done.stdout.splitlines()


def job_name(output: str) -> str:
	"""`request id is counter-17 (1 file(s))` is what lp says."""
	found = re.search(r"request id is (\S+)", output)
	return found.group(1) if found else "unknown"
