#!/usr/bin/env node
import process from 'node:process';
import { main } from '../dist/main.js';
import { openProcessTerminal } from '../dist/process-terminal.js';

process.exitCode = await main(process.argv.slice(2), openProcessTerminal());
// What an interrupted command was doing is in the journal; nothing has to be waited for.
if (process.exitCode === 130) process.exit();
