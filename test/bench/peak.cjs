/**
 * Loaded into a measured process with --require: tells, when it ends, its CPU seconds and its peak resident memory in bytes, threads
 * included. On Linux the peak is VmHWM, the kernel's own high-water mark of this process; the ru_maxrss that wait4 and resourceUsage tell
 * would start at the size of the process that spawned this one. Elsewhere resourceUsage has to do.
 */
const { readFileSync, writeFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

function peakBytes() {
  if (process.platform === 'linux') {
    const kilobytes = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  }
  return process.resourceUsage().maxRSS * 1024;
}

const file = process.env.BENCH_PEAK_FILE;
if (isMainThread && file !== undefined) {
  process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    writeFileSync(file, JSON.stringify({ cpuSeconds: (user + system) / 1e6, peakBytes: peakBytes() }));
  });
}
