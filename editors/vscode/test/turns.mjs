// A restart that failed is not the last one.

import assert from "node:assert";
import { build } from "esbuild";

const bundled = await build({ entryPoints: ["src/turns.ts"], bundle: true, format: "esm", write: false });
const { inTurn } = await import(`data:text/javascript,${encodeURIComponent(bundled.outputFiles[0].text)}`);

const done = [];
let times = 0;
const restart = inTurn(async () => {
    times += 1;
    const time = times;
    done.push(`${time} begins`);
    await new Promise((resolve) => setTimeout(resolve, 10));
    if (time === 2) {
        throw new Error("it does not stop");
    }
    done.push(`${time} ends`);
});
const asked = await Promise.allSettled([restart(), restart(), restart()]);
assert.deepEqual(done, ["1 begins", "1 ends", "2 begins", "3 begins", "3 ends"]);
assert.deepEqual(
    asked.map((one) => one.status),
    ["fulfilled", "rejected", "fulfilled"],
);
console.log("restarts follow one another");
