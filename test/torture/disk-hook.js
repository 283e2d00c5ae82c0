/**
 * Stands between the program and Node's file calls, in the main thread and in every worker: preloaded with `--import`, so that the very
 * program that ships is what runs. It writes down each call that changes the disk (`log`), and lets the n-th of those that fit fail or be
 * the last one (`inject`). Settings, as JSON, in BARLOOM_DISK_HOOK; their form is hooked.ts's.
 *
 * Node's calls that do several things (writeFile, appendFile) are taken apart into open, write, close, so that each part counts.
 */

import { Buffer } from 'node:buffer';
import childProcess from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { getEnvironmentData, isMainThread, setEnvironmentData, threadId } from 'node:worker_threads';

const settings = JSON.parse(process.env.BARLOOM_DISK_HOOK ?? '{}');
const { log, inject } = settings;
const wanted = inject === undefined ? undefined : { ...inject, path: new RegExp(inject.path ?? '') };
const own = { ...fs };
const promised = { ...fs.promises };
const spawnOwn = childProcess.spawn;

/** Calls counted so far, then numbers given: shared by all threads of the process. */
const SHARED = 'barloom-disk-hook';
if (isMainThread) setEnvironmentData(SHARED, new SharedArrayBuffer(8));
const counters = new Int32Array(getEnvironmentData(SHARED));

const logDescriptor = log === undefined ? undefined : own.openSync(log, 'a');
/** What a descriptor is open on. */
const names = new Map();

function tell(entry) {
  if (logDescriptor !== undefined)
    own.writeSync(logDescriptor, `${JSON.stringify({ pid: process.pid, thread: threadId, ...entry })}\n`);
}

function kill() {
  process.kill(process.pid, 'SIGKILL');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

/** As the system calls them, where that is another word. */
const SYSTEM_CALLS = { 'open-read': 'open', readdir: 'scandir' };

/** Until somebody sends SIGCONT. */
function stop(call, file) {
  tell({ at: 'stopped', call, path: file });
  process.kill(process.pid, 'SIGSTOP');
}

function failure(code, call, file) {
  const errno = -(os.constants.errno[code] ?? 5);
  return Object.assign(new Error(`${code}: injected, ${call}${file === undefined ? '' : ` '${file}'`}`), {
    errno,
    code,
    syscall: SYSTEM_CALLS[call] ?? call,
    ...(file !== undefined && !['write', 'read', 'fsync'].includes(call) && { path: file }),
  });
}

/** What is to happen to this call, if it is the one: 'kill-before', 'kill-within', 'kill-after', or an error's code. */
function fate(call, file) {
  if (wanted === undefined || (file !== undefined && file === log)) return undefined;
  if (wanted.calls !== undefined && !wanted.calls.includes(call)) return undefined;
  if (!wanted.path.test(file ?? '')) return undefined;
  const n = Atomics.add(counters, 0, 1) + 1;
  const last = wanted.at + (wanted.times ?? 1) - 1;
  if (n < wanted.at || n > last) return undefined;
  tell({ at: 'struck', call, path: file });
  return wanted.what;
}
// How many calls fit, for who wants to strike each of them in turn.
if (isMainThread && wanted !== undefined)
  process.on('exit', () => tell({ at: 'fitting', calls: Atomics.load(counters, 0) }));

/** The file's time, as whoever replays the log has to know it. */
const timeOf = (fd) =>
  logDescriptor === undefined || fd === undefined ? {} : { mtimeMs: own.fstatSync(fd).mtimeMs };

/** Begins a call: throws, kills, or returns what ends it. */
function begin(call, file, more = {}) {
  const what = fate(call, file);
  const id = Atomics.add(counters, 1, 1) + 1;
  const entry = { id, call, path: file, ...more };
  tell({ at: 'begin', ...entry });
  if (what === 'kill-before') kill();
  if (what === 'stop-before') stop(call, file);
  if (what !== undefined && !/^(?:kill|stop)/.test(what)) {
    tell({ at: 'failed', id, call });
    throw failure(what, call, file);
  }
  return {
    within: what === 'kill-within',
    end: (result = {}) => {
      tell({ at: 'end', id, call, ...result });
      if (what === 'kill-after') kill();
    },
    failed: () => tell({ at: 'failed', id, call }),
  };
}

const asPath = (file) =>
  typeof file === 'string'
    ? path.resolve(file)
    : file instanceof URL
      ? path.resolve(new URL(file).pathname)
      : undefined;

function around(call, file, more, action) {
  const begun = begin(call, file, more);
  let result;
  try {
    result = action();
  } catch (error) {
    begun.failed();
    throw error;
  }
  begun.end(call === 'fsync' ? timeOf(more.fd) : {});
  return result;
}

async function aroundAsync(call, file, more, action) {
  const begun = begin(call, file, more);
  let result;
  try {
    result = await action();
  } catch (error) {
    begun.failed();
    throw error;
  }
  begun.end(call === 'fsync' ? timeOf(more.fd) : {});
  return result;
}

/** Node's flags as text or number: whether the file may be made, is emptied, is only added to, must be new. */
function openTraits(flags) {
  const { O_CREAT, O_TRUNC, O_APPEND, O_EXCL, O_WRONLY, O_RDWR } = fs.constants;
  if (typeof flags === 'number')
    return {
      write: (flags & (O_WRONLY | O_RDWR)) !== 0,
      create: (flags & O_CREAT) !== 0,
      truncate: (flags & O_TRUNC) !== 0,
      append: (flags & O_APPEND) !== 0,
      exclusive: (flags & O_EXCL) !== 0,
    };
  const text = String(flags ?? 'r');
  return {
    write: text !== 'r' && text !== 'rs',
    create: /[wa]/.test(text),
    truncate: text.includes('w'),
    append: text.includes('a'),
    exclusive: text.includes('x'),
  };
}

// ---- what a database wrote

/** Files that were made through Node. */
const made = new Set();
let adopted = 0;

/** An unfinished file that is opened without having been made: a database wrote it, unseen and unsynced. */
function adopt(name, isMade) {
  const isKnown = made.has(name);
  if (isMade) made.add(name);
  if (log === undefined || isKnown || isMade || !name?.endsWith('.barloom-tmp') || !own.existsSync(name))
    return;
  const fd = -++adopted;
  const told = (call, begun, ended) => {
    const id = Atomics.add(counters, 1, 1) + 1;
    tell({ at: 'begin', id, call, path: name, ...begun });
    tell({ at: 'end', id, call, ...ended });
  };
  told('open', openTraits('w'), { fd });
  const data = own.readFileSync(name).toString('base64');
  told('write', { fd, position: 0, data }, { mtimeMs: own.statSync(name).mtimeMs });
  tell({ at: 'close', fd });
}

// ---- open and close

fs.openSync = (file, flags, mode) => {
  const name = asPath(file);
  const traits = openTraits(flags);
  if (traits.write) adopt(name, traits.create);
  const begun = begin(traits.write ? 'open' : 'open-read', name, traits);
  let descriptor;
  try {
    descriptor = own.openSync(file, flags, mode);
  } catch (error) {
    begun.failed();
    throw error;
  }
  names.set(descriptor, name);
  begun.end({ fd: descriptor });
  return descriptor;
};
fs.closeSync = (descriptor) => {
  tell({ at: 'close', fd: descriptor });
  names.delete(descriptor);
  own.closeSync(descriptor);
};
fs.promises.open = async (file, flags, mode) => {
  const name = asPath(file);
  const traits = openTraits(flags);
  if (traits.write) adopt(name, traits.create);
  const begun = begin(traits.write ? 'open' : 'open-read', name, traits);
  let handle;
  try {
    handle = await promised.open(file, flags, mode);
  } catch (error) {
    begun.failed();
    throw error;
  }
  const { fd } = handle;
  names.set(fd, name);
  begun.end({ fd });
  hookHandle(handle, name, fd);
  return handle;
};

// ---- writing

function bytesOf(data, encoding) {
  if (typeof data === 'string') return Buffer.from(data, typeof encoding === 'string' ? encoding : 'utf8');
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

/** One write of all of `bytes`; `position` null is where the descriptor stands. */
function writeAll(descriptor, bytes, position) {
  for (let at = 0; at < bytes.length; )
    at += own.writeSync(descriptor, bytes, at, bytes.length - at, position === null ? null : position + at);
}

function hookedWrite(descriptor, bytes, position) {
  const name = names.get(descriptor);
  const data = log === undefined ? {} : { data: bytes.toString('base64') };
  const begun = begin('write', name, { fd: descriptor, position, bytes: bytes.length, ...data });
  if (begun.within) {
    writeAll(descriptor, bytes.subarray(0, bytes.length >> 1), position);
    kill();
  }
  try {
    writeAll(descriptor, bytes, position);
  } catch (error) {
    begun.failed();
    throw error;
  }
  begun.end(timeOf(descriptor));
  return bytes.length;
}

fs.writeSync = (descriptor, data, offset, length, position) => {
  if (!names.has(descriptor)) return own.writeSync(descriptor, data, offset, length, position);
  if (typeof data === 'string')
    return hookedWrite(descriptor, bytesOf(data, length), typeof offset === 'number' ? offset : null);
  const whole = bytesOf(data);
  const options = typeof offset === 'object' && offset !== null ? offset : { offset, length, position };
  const from = options.offset ?? 0;
  return hookedWrite(
    descriptor,
    whole.subarray(from, from + (options.length ?? whole.length - from)),
    options.position ?? null,
  );
};

function hookHandle(handle, name, fd) {
  const self = {
    sync: handle.sync.bind(handle),
    datasync: handle.datasync.bind(handle),
    close: handle.close.bind(handle),
    truncate: handle.truncate.bind(handle),
  };
  const append = async (data, options) => {
    hookedWrite(fd, bytesOf(data, typeof options === 'string' ? options : options?.encoding), null);
  };
  handle.appendFile = append;
  handle.writeFile = append;
  handle.write = async (data, ...rest) => {
    if (typeof data === 'string')
      return { bytesWritten: hookedWrite(fd, bytesOf(data, rest[1]), rest[0] ?? null), buffer: data };
    const whole = bytesOf(data);
    const options =
      typeof rest[0] === 'object' && rest[0] !== null
        ? rest[0]
        : { offset: rest[0], length: rest[1], position: rest[2] };
    const from = options.offset ?? 0;
    const part = whole.subarray(from, from + (options.length ?? whole.length - from));
    return { bytesWritten: hookedWrite(fd, part, options.position ?? null), buffer: data };
  };
  handle.sync = () => aroundAsync('fsync', name, { fd }, self.sync);
  handle.datasync = () => aroundAsync('fsync', name, { fd }, self.datasync);
  handle.truncate = (length = 0) =>
    aroundAsync('truncate', name, { fd, length }, () => self.truncate(length));
  for (const call of ['read', 'readFile', 'stat']) {
    const action = handle[call].bind(handle);
    handle[call] = async (...rest) => {
      readable(call === 'stat' ? 'stat' : 'read', name);
      return action(...rest);
    };
  }
  handle.close = async () => {
    if (names.delete(fd)) tell({ at: 'close', fd });
    await self.close();
  };
}

fs.promises.writeFile = async (file, data, options) => {
  if (typeof file === 'object' && typeof file.writeFile === 'function') return file.writeFile(data, options);
  const {
    flag = 'w',
    mode = 0o666,
    encoding,
  } = typeof options === 'string' ? { encoding: options } : (options ?? {});
  const handle = await fs.promises.open(file, flag, mode);
  try {
    if (typeof data !== 'string' && data[Symbol.asyncIterator] !== undefined) {
      // A part at a time, as Node does it.
      for await (const part of data) await handle.write(part);
    } else await handle.writeFile(data, encoding);
  } finally {
    await handle.close();
  }
};
fs.promises.appendFile = (file, data, options) =>
  fs.promises.writeFile(file, data, {
    ...(typeof options === 'string' ? { encoding: options } : options),
    flag: 'a',
  });
fs.writeFileSync = (file, data, options) => {
  if (typeof file === 'number') return own.writeFileSync(file, data, options);
  const {
    flag = 'w',
    mode = 0o666,
    encoding,
  } = typeof options === 'string' ? { encoding: options } : (options ?? {});
  const descriptor = fs.openSync(file, flag, mode);
  try {
    hookedWrite(descriptor, bytesOf(data, encoding), null);
  } finally {
    fs.closeSync(descriptor);
  }
};
fs.appendFileSync = (file, data, options) =>
  fs.writeFileSync(file, data, {
    ...(typeof options === 'string' ? { encoding: options } : options),
    flag: 'a',
  });

// ---- making durable

fs.fsyncSync = (fd) => around('fsync', names.get(fd), { fd }, () => own.fsyncSync(fd));
fs.fdatasyncSync = (fd) => around('fsync', names.get(fd), { fd }, () => own.fdatasyncSync(fd));
/** `sync -f` is how the program makes a whole file system durable. */
childProcess.spawn = (command, args, options) => {
  if (command !== 'sync') return spawnOwn(command, args, options);
  const begun = begin('syncfs', undefined, { folders: args });
  const child = spawnOwn(command, args, options);
  child.prependListener('exit', (code) => (code === 0 ? begun.end() : begun.failed()));
  return child;
};

// ---- names

const two = (call) => [
  (from, to) => around(call, asPath(to), { from: asPath(from) }, () => own[`${call}Sync`](from, to)),
  (from, to) => aroundAsync(call, asPath(to), { from: asPath(from) }, () => promised[call](from, to)),
];
[fs.renameSync, fs.promises.rename] = two('rename');
[fs.linkSync, fs.promises.link] = two('link');

for (const call of ['unlink', 'rm', 'rmdir', 'mkdir']) {
  const as = call === 'rm' ? 'unlink' : call;
  fs[`${call}Sync`] = (file, options) =>
    around(as, asPath(file), { options }, () => own[`${call}Sync`](file, options));
  fs.promises[call] = (file, options) =>
    aroundAsync(as, asPath(file), { options }, () => promised[call](file, options));
}
fs.truncateSync = (file, length) =>
  around('truncate', asPath(file), { length }, () => own.truncateSync(file, length));
fs.promises.truncate = (file, length) =>
  aroundAsync('truncate', asPath(file), { length }, () => promised.truncate(file, length));

// ---- reading, for failures only: nothing else is logged

const readable = (call, file) => {
  const what = fate(call, file);
  if (what?.startsWith('kill')) kill();
  if (what === 'stop-before') return stop(call, file);
  if (what !== undefined) throw failure(what, call, file);
};
fs.readFileSync = (file, options) => {
  readable('read', asPath(file));
  return own.readFileSync(file, options);
};
fs.promises.readFile = async (file, options) => {
  readable('read', asPath(file));
  return promised.readFile(file, options);
};
fs.readSync = (descriptor, ...rest) => {
  if (names.has(descriptor)) readable('read', names.get(descriptor));
  return own.readSync(descriptor, ...rest);
};
fs.readdirSync = (file, options) => {
  readable('readdir', asPath(file));
  return own.readdirSync(file, options);
};
fs.promises.readdir = async (file, options) => {
  readable('readdir', asPath(file));
  return promised.readdir(file, options);
};
for (const call of ['stat', 'lstat']) {
  fs[`${call}Sync`] = (file, options) => {
    readable('stat', asPath(file));
    return own[`${call}Sync`](file, options);
  };
  fs.promises[call] = async (file, options) => {
    readable('stat', asPath(file));
    return promised[call](file, options);
  };
}
/** Streams open and read with these. */
for (const call of ['open', 'read']) {
  fs[call] = (target, ...rest) => {
    const file = typeof target === 'number' ? names.get(target) : asPath(target);
    const done = rest.pop();
    try {
      if (call === 'open' ? !openTraits(rest[0]).write : file !== undefined)
        readable(call === 'open' ? 'open-read' : 'read', file);
    } catch (error) {
      process.nextTick(done, error);
      return;
    }
    own[call](target, ...rest, (error, result, ...more) => {
      if (call === 'open' && !error) names.set(result, file);
      done(error, result, ...more);
    });
  };
}

syncBuiltinESMExports();
