// SPDX-License-Identifier: Apache-2.0
//
// node getodk.mjs FOLDER FORM.xml NAME FLAT: the same figures of
// @getodk/xforms-engine, which with jsdom is in FOLDER/node_modules, for an
// XForm that forms.c made.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, file, name, flat] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${folder}/node_modules/`));
const { JSDOM } = require("jsdom");
const { window } = new JSDOM("", { url: "http://localhost/" });

// The engine was written for browsers; one of its parts looks for node's own.
globalThis.__dirname = folder;
globalThis.require = require;
for (const key of Object.getOwnPropertyNames(window))
	if (!(key in globalThis))
		globalThis[key] = window[key];

const { createInstance } = await import(
    pathToFileURL(`${folder}/node_modules/@getodk/xforms-engine/dist/index.js`));
const xml = readFileSync(file, "utf8");

function print(figure, value, unit = "ms") {
	console.log(`getodk_${name}_${figure}\t${value.toFixed(3)}\t${unit}\t-`);
}

function take(action) {
	const start = performance.now();
	const result = action();

	return [performance.now() - start, result];
}

function median(values) {
	return values.sort((a, b) => a - b)[values.length >> 1];
}

function find(node, nodeset) {
	if (node.currentState.reference === nodeset)
		return node;
	for (const child of node.currentState.children ?? []) {
		const found = find(child, nodeset);

		if (found)
			return found;
	}
	return null;
}

const start = performance.now();
const { root } = await createInstance(xml);

print("open", performance.now() - start);

const path = (section, question) => flat === "1"
    ? `/data/s${section}_q${question}`
    : `/data/s${section}/s${section}_q${question}`;
const gate = find(root, path(1, 1)), count = find(root, path(2, 4));
const total = find(root, "/data/total");
const shown = [], hidden = [], answers = [];

for (let i = 0; i < 3; i++) {
	shown.push(take(() => (gate.selectValue("yes"),
	    total.currentState.value))[0]);
	const [ms, value] = take(() => (count.setValue(BigInt(i + 1)),
	    total.currentState.value));

	if (Number(value) !== 2 * (i + 1))
		throw new Error(`the total is ${value}`);
	answers.push(ms);
	hidden.push(take(() => (gate.selectValue("no"),
	    total.currentState.value))[0]);
}
print("answer", median(answers));
print("show", median(shown));
print("hide", median(hidden));
print("rss", process.memoryUsage().rss / 1e6, "MB");
