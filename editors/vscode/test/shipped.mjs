// Over the shipped config and rules: what YAML says is a condition has its colours, and nothing else has.

import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { LineCounter, parseDocument, visit } from "yaml";

const require = createRequire(import.meta.url);
const textmate = require("vscode-textmate");
const oniguruma = require("vscode-oniguruma");

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const grammars = {
    "source.muster": "condition.tmLanguage.json",
    "source.muster.yaml": "yaml.tmLanguage.json",
};
const wasm = readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm"));
await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
const registry = new textmate.Registry({
    onigLib: Promise.resolve({
        createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
        createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async (scope) => {
        const path = join(here, "../syntaxes", grammars[scope]);
        return textmate.parseRawGrammar(readFileSync(path, "utf8"), path);
    },
});
const grammar = await registry.loadGrammar("source.muster.yaml");

/** For each character of a text whether it is coloured as a part of a condition. */
function coloured(text) {
    const within = new Array(text.length).fill(false);
    let stack = textmate.INITIAL;
    let start = 0;
    for (const line of text.split("\n")) {
        const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
        stack = ruleStack;
        for (const token of tokens) {
            const words = /[\p{L}\p{N}]/u.test(line.slice(token.startIndex, token.endIndex));
            const inner = token.scopes.at(-1) !== "meta.embedded.condition.muster";
            if (token.scopes.includes("meta.embedded.condition.muster") && (inner || !words)) {
                within.fill(true, start + token.startIndex, Math.min(start + token.endIndex, start + line.length));
            }
        }
        start += line.length + 1;
    }
    return within;
}

const KEYS = new Set(["when", "among", "active", "where", "one", "any", "of", "value", "while"]);

/** The ranges of the conditions, as a reader of YAML sees them. */
function conditions(text) {
    const ranges = [];
    const tree = parseDocument(text, { lineCounter: new LineCounter() });
    visit(tree, {
        Pair(_, pair, path) {
            const around = path.at(-2);
            const isMetric = around?.key?.value === "metrics" && path.length <= 4;
            if ((KEYS.has(pair.key?.value) || isMetric) && pair.value?.range && "value" in pair.value) {
                const [from, to] = pair.value.range;
                const header = pair.value.type?.startsWith("BLOCK") ? text.indexOf("\n", from) + 1 : from;
                ranges.push([header, to]);
            }
        },
    });
    return ranges;
}

const files = ["config.yaml", ...readdirSync(join(root, "rules")).filter((name) => name.endsWith(".yaml")).map((name) => join("rules", name))];
let wrong = 0;
let right = 0;
for (const file of files) {
    const text = readFileSync(join(root, file), "utf8");
    const expected = new Array(text.length).fill(false);
    for (const [from, to] of conditions(text)) {
        expected.fill(true, from, to);
    }
    const found = coloured(text);
    text.split("\n").reduce((start, line, number) => {
        for (let at = start; at < start + line.length; at += 1) {
            if (!/\s/.test(text[at]) && expected[at] !== found[at]) {
                console.error(`${file}:${number + 1}:${at - start + 1}: ${expected[at] ? "no colours" : "coloured"}: ${line}`);
                wrong += 1;
                break;
            }
            right += expected[at] ? 1 : 0;
        }
        return start + line.length + 1;
    }, 0);
}
console.log(`${files.length} files, ${right} characters of conditions`);
process.exitCode = wrong > 0 || right < 1000 ? 1 : 0;
