// model.mjs - the benchmark model in Squiggle: model.mjs FOLDER TRIALS; prints seconds.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, trials] = [process.argv[2], Number(process.argv[3])];
const require = createRequire(folder + "/");
const { run } = await import(pathToFileURL(require.resolve("@quri/squiggle-lang")).href);
const features = [];
for (let f = 0; f < 10; f++) {
  const price = [3.0, 0.8, 0.15][f % 3];
  const months = [];
  for (let m = 0; m < 12; m++) months.push(m ? `(1+g${f})^${m}` : "1");
  features.push(`
in${f} = SampleSet.fromDist(${800 + 100 * f} to ${3000 + 200 * f})
out${f} = SampleSet.fromDist(${150 + 20 * f} to ${600 + 50 * f})
req${f} = SampleSet.fromDist(${1.5 + 0.1 * f} to ${6 + 0.2 * f})
ses${f} = SampleSet.fromDist(${4 + 0.3 * f} to ${15 + 0.5 * f})
mul${f} = SampleSet.fromDist(0.8 to 1.1)
g${f} = SampleSet.fromDist(normal(${0.03 + 0.005 * f}, 0.02))
h${f} = SampleSet.fromDist(uniform(0.1, 0.6))
r${f} = SampleSet.fromDist(triangular(1.02, 1.10, 1.40))
c${f} = ses${f} * req${f} * r${f} * mul${f} * (in${f} * (1 - 0.9 * h${f}) + 5 * out${f}) * ${(1000 * (f + 1) * price) / 1e6} * (${months.join(" + ")})`);
}
const code = features.join("\n") + "\ntotal = " + [...Array(10).keys()].map((f) => `c${f}`).join(" + ") +
  "\n[mean(total), quantile(total, 0.5), quantile(total, 0.95)]";
const began = performance.now();
const out = await run(code, { environment: { sampleCount: trials, xyPointLength: 1000 } });
const seconds = (performance.now() - began) / 1000;
if (!out.result.ok) {
  console.error(String(out.result.value));
  process.exit(1);
}
console.error(out.result.value.result.toString());
console.log(seconds.toFixed(3));
