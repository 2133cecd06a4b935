/** A program and the rules (with line) that a scan of it must report: nothing else, nothing less. */
export interface ScanCase {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** `rule file:line`, sorted. */
  readonly findings: readonly string[];
}

/** Body of a handler for requests to a bare node server; line 1 of the file is the imports. */
export function nodeHandler(name: string, body: string, ...findings: string[]): ScanCase {
  const head =
    "import { createServer } from 'node:http'; import fs from 'node:fs'; import path from 'node:path'; " +
    "import { exec, execFile, spawn } from 'node:child_process'; import pg from 'pg'; const db = new pg.Pool();\n";
  const file = `${head}createServer((req, res) => { const q = new URL(req.url, 'http://x').searchParams.get('q');\n${body}\n});\n`;
  return {
    name: `node: ${name}`,
    files: { 'app.mjs': file },
    findings: findings.map((entry) => entry.replace('@', 'app.mjs:')),
  };
}

/** Body of a Flask view; line 1 of the file is the imports. */
export function flaskView(name: string, body: string, ...findings: string[]): ScanCase {
  const head =
    'import os, subprocess, sqlite3, pickle, re, json, html, shlex, ast; from pathlib import Path; from flask import Flask, request, redirect, send_file, session\n';
  const indented = body
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
  const file = `${head}app = Flask(__name__); db = sqlite3.connect("x")\n@app.route("/")\ndef view():\n    q = request.args.get("q")\n${indented}\n`;
  return {
    name: `flask: ${name}`,
    files: { 'app.py': file },
    findings: findings.map((entry) => entry.replace('@', 'app.py:')),
  };
}
