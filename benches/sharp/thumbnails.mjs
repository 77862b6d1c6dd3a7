// Makes thumbnails of one JPEG with sharp: node thumbnails.mjs FILE IN_FLIGHT.
// A line with milliseconds on the standard input asks for a round; the answer is a line with what each thumbnail took,
// in milliseconds.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import sharp from "sharp";

const [file, inFlight] = process.argv.slice(2);
const photo = readFileSync(file);
// Every thumbnail anew, as for a service that sees each image once.
sharp.cache(false);

const thumbnail = () => sharp(photo).resize(256, 256, { fit: "inside" }).jpeg({ quality: 80 }).toBuffer();

async function thumbnailsUntil(end) {
  const took = [];
  for (let start = performance.now(); start < end; ) {
    await thumbnail();
    const now = performance.now();
    took.push(now - start);
    start = now;
  }
  return took;
}

console.log(`sharp ${sharp.versions.sharp}`);
for await (const milliseconds of createInterface({ input: process.stdin })) {
  const end = performance.now() + Number(milliseconds);
  const workers = Array.from({ length: Number(inFlight) }, () => thumbnailsUntil(end));
  console.log((await Promise.all(workers)).flat().map((took) => took.toFixed(3)).join(" "));
}
