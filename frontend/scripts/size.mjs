// Prints what a first visit downloads: the entry script with everything it imports at once.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const dist = new URL('../console/dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));
const limit = 220 * 1024;
const seen = new Set();
const sizes = { js: 0, css: 0 };

const weigh = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;

function visit(key) {
  if (seen.has(key)) return;
  seen.add(key);
  const chunk = manifest[key];
  sizes.js += weigh(chunk.file);
  for (const file of chunk.css ?? []) sizes.css += weigh(file);
  for (const next of chunk.imports ?? []) visit(next);
}

for (const [key, chunk] of Object.entries(manifest)) if (chunk.isEntry) visit(key);
const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
console.log(`initial JS ${kilobytes(sizes.js)} gzip, initial CSS ${kilobytes(sizes.css)} gzip, ${seen.size} files`);
if (sizes.js > limit) {
  console.error(`initial JS is larger than ${kilobytes(limit)}: load something later`);
  process.exitCode = 1;
}
